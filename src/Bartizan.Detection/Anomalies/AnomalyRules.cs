using Bartizan.Content.Anomalies;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Records;

namespace Bartizan.Detection.Anomalies;

/// <summary>The anomaly rules: one for each definition under <c>content/anomalies</c>, and the copies that people tune.</summary>
public sealed class AnomalyRules
{
    private const int MaxSettings = 200;
    private const int MaxName = 256;

    private readonly RecordSet<AnomalySetting> settings;
    private readonly TimeProvider time;
    private readonly Dictionary<Guid, AnomalyDefinition> definitions = [];
    private readonly List<FileDiagnostic> diagnostics = [];

    /// <param name="folder">A folder of anomaly files; null for none.</param>
    public AnomalyRules(RecordStore records, string? folder, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(records);
        this.time = time;
        settings = records.Open(AnomalySetting.Kind);
        foreach (var file in folder is null ? [] : AnomalyFile.ReadFolder(folder))
        {
            diagnostics.AddRange(file.Diagnostics);
            if (file.Anomaly is { } anomaly)
            {
                definitions.TryAdd(anomaly.Id, anomaly);
            }
        }
    }

    public IReadOnlyCollection<AnomalyDefinition> Definitions => definitions.Values;

    public IReadOnlyList<FileDiagnostic> Diagnostics => diagnostics;

    public AnomalyDefinition? Definition(Guid id) => definitions.GetValueOrDefault(id);

    /// <summary>All rules, by name; those whose definition is gone are left out.</summary>
    public async Task<IReadOnlyList<(AnomalySetting Setting, string? ETag)>> AllAsync(CancellationToken cancellationToken)
    {
        var kept = new Dictionary<Guid, (AnomalySetting, string?)>();
        foreach (var definition in definitions.Values)
        {
            kept[definition.Id] = (Default(definition), null);
        }

        await foreach (var record in settings.EnumerateAsync(RecordQuery.All, cancellationToken).ConfigureAwait(false))
        {
            if (definitions.ContainsKey(record.Value.DefinitionId))
            {
                kept[record.Value.Id] = (record.Value, record.ETag);
            }
        }

        return [.. kept.Values.OrderBy(s => s.Item1.Name, StringComparer.Ordinal).ThenBy(s => s.Item1.Id)];
    }

    public async Task<(AnomalySetting Setting, string? ETag)?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await settings.FindAsync(id.ToString("D"), cancellationToken).ConfigureAwait(false) is { } found && definitions.ContainsKey(found.Value.DefinitionId) ? (found.Value, found.ETag)
        : definitions.TryGetValue(id, out var definition) ? (Default(definition), null)
        : null;

    /// <summary>Writes a rule. One that came with its definition is switched on and off and nothing else; a copy is tuned within its definition's bounds.</summary>
    public async Task<Outcome<AnomalySetting>> PutAsync(AnomalySetting setting, string? ifMatch, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(setting);
        if (!definitions.TryGetValue(setting.DefinitionId, out var definition))
        {
            return Refuse("settingsDefinitionId", $"There is no definition '{setting.DefinitionId}'.");
        }

        if (string.IsNullOrWhiteSpace(setting.Name) || setting.Name.Length > MaxName)
        {
            return Refuse("displayName", $"An anomaly rule has a name of 1 to {MaxName} characters.");
        }

        foreach (var (name, value) in setting.Parameters)
        {
            if (definition.Parameters.FirstOrDefault(p => p.Name == name) is not { } known)
            {
                return Refuse("customizableObservations", $"There is no parameter '{name}'; there are {string.Join(", ", definition.Parameters.Select(p => p.Name))}.");
            }

            if (!(value >= known.Least && value <= known.Most))
            {
                return Refuse("customizableObservations", $"{name} lies between {known.Least} and {known.Most}, not at {value}.");
            }
        }

        if (setting.IsDefault && (setting.Parameters.Any(p => definition.Parameters.First(d => d.Name == p.Key).Value != p.Value) || setting.Name != definition.Name || setting.Status != AnomalyStatus.Production))
        {
            return Refuse("isDefaultSettings", "A rule as it came is switched on and off only; copy it under another id to tune it.");
        }

        var all = await AllAsync(cancellationToken).ConfigureAwait(false);
        if (all.Any(s => s.Setting.Id != setting.Id && s.Setting.Name.Equals(setting.Name, StringComparison.OrdinalIgnoreCase)))
        {
            return new Problem(ProblemKind.Conflict, "Conflict", $"There is another anomaly rule called '{setting.Name}'.", "properties.displayName");
        }

        var before = all.FirstOrDefault(s => s.Setting.Id == setting.Id).Setting;
        if (before is null && all.Count >= MaxSettings)
        {
            return Refuse("name", $"There are at most {MaxSettings} anomaly rules.");
        }

        var outcome = await settings.PutAsync(
            setting.Id.ToString("D"), setting with { Version = (before?.Version ?? 0) + 1, LastModified = time.GetUtcNow() }, ifMatch, author, cancellationToken).ConfigureAwait(false);
        return outcome.TryGetValue(out var saved, out var problem) ? saved.Value : problem;
    }

    /// <summary>Removes a copy; of one that came with its definition only what was changed.</summary>
    public Task<Outcome<bool>> DeleteAsync(Guid id, string? ifMatch, string author, CancellationToken cancellationToken) => settings.DeleteAsync(id.ToString("D"), ifMatch, author, cancellationToken);

    private static AnomalySetting Default(AnomalyDefinition definition) => new() { Id = definition.Id, DefinitionId = definition.Id, Name = definition.Name };

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, $"properties.{target}");
}
