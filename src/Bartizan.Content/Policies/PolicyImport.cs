using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Definitions;

namespace Bartizan.Content.Policies;

/// <summary>A definition as Azure writes it, checked, ready to be kept.</summary>
public sealed record ImportedDefinition(string Name, string DisplayName, string Json);

/// <summary>Something that was given but not taken, and why.</summary>
/// <param name="Name">The name, id or position of what was refused.</param>
public sealed record RefusedImport(string Name, string Reason);

/// <summary>
/// Azure's policy JSON from outside: one definition or initiative, an array of them, a listing (<c>value</c>), or lines of JSON.
/// Each is taken or refused on its own.
/// </summary>
public sealed record PolicyImport(
    IReadOnlyList<ImportedDefinition> Definitions, IReadOnlyList<InitiativeDefinition> Initiatives, IReadOnlyList<RefusedImport> Refused)
{
    private const int MaxCharacters = 128 * 1024 * 1024;

    /// <param name="label">What to call the text in refusals, such as its file name.</param>
    public static PolicyImport Read(string label, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reading = new Reading(label);
        if (text.Length > MaxCharacters)
        {
            reading.Refused.Add(new RefusedImport(label, $"The text has {text.Length:N0} characters; at most {MaxCharacters:N0} are read."));
        }
        else if (!TryWhole(text, reading))
        {
            ReadLines(text, reading);
        }

        return new PolicyImport(reading.Definitions, reading.Initiatives, reading.Refused);
    }

    /// <summary>The text as one JSON value; false when it is several.</summary>
    private static bool TryWhole(string text, Reading reading)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Reading.Options);
            reading.ReadAny(document.RootElement, reading.Label);
            return true;
        }
        catch (JsonException e)
        {
            // JSON lines fail only after the end of their first value.
            var isLines = e.LineNumber > 0 && IsJson(text.AsSpan()[..Math.Max(0, text.IndexOf('\n', StringComparison.Ordinal))].ToString());
            if (!isLines)
            {
                reading.Refused.Add(new RefusedImport(reading.Label, $"Not JSON: {e.Message}"));
            }

            return !isLines;
        }
    }

    private static void ReadLines(string text, Reading reading)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            try
            {
                using var document = JsonDocument.Parse(line, Reading.Options);
                reading.ReadAny(document.RootElement, $"{reading.Label} line {number}");
            }
            catch (JsonException e)
            {
                reading.Refused.Add(new RefusedImport($"{reading.Label} line {number}", $"Not JSON: {e.Message}"));
            }
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Reading.Options);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private sealed class Reading(string label)
    {
        public static readonly JsonDocumentOptions Options = new() { MaxDepth = 256, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

        public string Label => label;

        public List<ImportedDefinition> Definitions { get; } = [];

        public List<InitiativeDefinition> Initiatives { get; } = [];

        public List<RefusedImport> Refused { get; } = [];

        public void ReadAny(JsonElement element, string where)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                ReadAll(element, where);
            }
            else if (InitiativeReader.Find(element, "value") is { ValueKind: JsonValueKind.Array } list)
            {
                ReadAll(list, where);
            }
            else
            {
                ReadOne(element, where);
            }
        }

        private void ReadAll(JsonElement list, string where)
        {
            var number = 0;
            foreach (var item in list.EnumerateArray())
            {
                ReadOne(item, $"{where} item {++number}");
            }
        }

        private void ReadOne(JsonElement element, string where)
        {
            var properties = InitiativeReader.Find(element, "properties") is { ValueKind: JsonValueKind.Object } inner ? inner : element;
            var name = InitiativeReader.Text(element, "name") ?? InitiativeReader.Last(InitiativeReader.Text(element, "id"));
            var called = name is null ? where : $"{where}: {name}";
            if (InitiativeReader.Find(properties, "policyDefinitions") is not null)
            {
                Take(called, InitiativeDefinition.Parse(element), Initiatives.Add);
            }
            else if (InitiativeReader.Find(properties, "policyRule") is null)
            {
                Refused.Add(new RefusedImport(called, "Neither a definition (policyRule) nor an initiative (policyDefinitions)."));
            }
            else if (name is null)
            {
                Refused.Add(new RefusedImport(called, "The definition has neither name nor id, so nothing could refer to it."));
            }
            else
            {
                Take(called, PolicyDefinition.Parse(element), d => Definitions.Add(new ImportedDefinition(name, d.DisplayName ?? name, element.GetRawText())));
            }
        }

        private void Take<T>(string called, Outcome<T> outcome, Action<T> take)
        {
            if (outcome.TryGetValue(out var value, out var problem))
            {
                take(value);
            }
            else
            {
                Refused.Add(new RefusedImport(called, problem.Message));
            }
        }
    }
}
