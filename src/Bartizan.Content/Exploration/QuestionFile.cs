using Bartizan.Content.Documents;
using Bartizan.Content.Rules;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Content.Exploration;

/// <summary>The question that one file in Sentinel's exploration format holds, and what is wrong with it.</summary>
public sealed record QuestionFile(string File, QuestionDefinition? Question, IReadOnlyList<FileDiagnostic> Diagnostics)
{
    public static QuestionFile Read(string file, string text)
    {
        var reading = new SourceReading(SourceDocument.Read(file, text));
        if (reading.Root() is not { } map)
        {
            return new QuestionFile(file, null, reading.Diagnostics);
        }

        var id = Guid.Empty;
        if (reading.RequiredText(map, "Id") is { } idText && !Guid.TryParse(idText, out id))
        {
            reading.Error("BQ001", map["Id"]!.Span, $"'Id' must be a GUID, found '{idText}'.");
        }

        var input = default(EntityKind);
        if (reading.RequiredText(map, "InputEntityType") is { } inputText && !EntityVocabulary.TryParse(inputText, out input))
        {
            reading.Error("BQ002", map["InputEntityType"]!.Span, $"'{inputText}' is no entity type.");
        }

        var outputs = new List<EntityKind>();
        foreach (var item in reading.Scalars(map, "OutputEntityTypes"))
        {
            if (EntityVocabulary.TryParse(item.Text, out var kind))
            {
                outputs.Add(kind);
            }
            else
            {
                reading.Warn("BQ003", item.Span, $"'{item.Text}' is no entity type; it is left out.");
            }
        }

        var question = new QuestionDefinition
        {
            Id = id,
            DisplayName = reading.RequiredText(map, "DisplayName") ?? "",
            Description = reading.Text(map, "Description") ?? "",
            InputEntity = input,
            InputFields = [.. reading.Texts(map, "InputFields").Select(f => (IReadOnlyList<string>)f.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            OutputEntities = outputs,
            PeriodBefore = reading.Duration(map, "QueryPeriodBefore") ?? TimeSpan.FromDays(1),
            PeriodAfter = reading.Duration(map, "QueryPeriodAfter") ?? TimeSpan.FromDays(1),
            DataSources = reading.Texts(map, "DataSources"),
            // Published files now and then list a data source among the tactics: what is no tactic is passed over.
            Tactics = [.. reading.Texts(map, "Tactics").Select(AttackTactics.Normalize).OfType<string>()],
            Query = reading.RequiredText(map, "query")?.Trim() ?? "",
        };
        return new QuestionFile(file, reading.HasErrors ? null : question, reading.Diagnostics);
    }

    /// <summary>Every question file below a folder, in the order of their paths.</summary>
    public static IEnumerable<QuestionFile> ReadFolder(string folder) =>
        !Directory.Exists(folder) ? [] : Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f).ToLowerInvariant() is ".yaml" or ".yml")
            .Order(StringComparer.Ordinal)
            .Select(f => Read(Path.GetRelativePath(folder, f), System.IO.File.ReadAllText(f)));
}
