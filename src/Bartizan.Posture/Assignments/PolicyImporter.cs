using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Records;

namespace Bartizan.Posture.Assignments;

/// <summary>What an import took and what it refused, each with its reason.</summary>
public sealed record PolicyImportReceipt(int Definitions, int Initiatives, IReadOnlyList<RefusedImport> Refused);

/// <summary>Takes definitions and initiatives from outside into the records; each is kept or refused on its own.</summary>
public sealed class PolicyImporter(AssignmentBook book, PolicyLibrary library, RecordStore records)
{
    private const int Batch = 200;

    /// <summary>Imports a text as built-in definitions, named as Azure names them.</summary>
    public async Task<PolicyImportReceipt> ImportAsync(string label, string text, string author, CancellationToken cancellationToken)
    {
        var import = PolicyImport.Read(label, text);
        var refused = import.Refused.ToList();
        var changes = new List<RecordChange>();
        var (definitions, initiatives) = (0, 0);
        foreach (var definition in import.Definitions)
        {
            var id = PolicyIds.Of(ResourceId.Tenant, "policyDefinitions", definition.Name);
            if (Refusal(id, definition.Name) is { } reason)
            {
                refused.Add(new RefusedImport($"{label}: {definition.Name}", reason));
                continue;
            }

            definitions++;
            changes.Add(book.Definitions.Put(id, new StoredDefinition(id, definition.Name, definition.DisplayName, "BuiltIn", definition.Json)));
        }

        foreach (var initiative in import.Initiatives)
        {
            var id = PolicyIds.Of(ResourceId.Tenant, "policySetDefinitions", initiative.Name);
            if (!ResourceId.TryParse(id, out _) || initiative.Name.StartsWith("bartizan-", StringComparison.OrdinalIgnoreCase))
            {
                refused.Add(new RefusedImport($"{label}: {initiative.Name}", "The name is not one that an imported initiative can have."));
                continue;
            }

            initiatives++;
            changes.Add(book.Initiatives.Put(id, new StoredDefinition(id, initiative.Name, initiative.DisplayName, "BuiltIn", initiative.Source)));
        }

        foreach (var part in changes.Chunk(Batch))
        {
            await records.ApplyAsync(part, author, cancellationToken).ConfigureAwait(false);
        }

        if (changes.Count > 0)
        {
            await library.ReloadAsync(cancellationToken).ConfigureAwait(false);
        }

        return new PolicyImportReceipt(definitions, initiatives, refused);
    }

    private string? Refusal(string id, string name) =>
        !ResourceId.TryParse(id, out _) || name.Contains('/', StringComparison.Ordinal) ? $"'{name}' is not a name that a definition can have."
        : library.Pack.Checks.Any(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ? "One of our own checks has this name."
        : null;
}
