using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bartizan.Detection.Rows;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.ThreatIntelligence;

/// <summary>Reads indicators from a STIX 2.0 or 2.1 bundle and from CSV. What is no indicator, or a bad one, is told and left out.</summary>
public static class IndicatorImport
{
    private const int MaxProblems = 50;

    public static Outcome<ImportedIndicators> ReadStix(string json, string source, DateTimeOffset now)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        }
        catch (JsonException e)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"This is no JSON: {e.Message}", "stixobjects");
        }

        using (document)
        {
            var root = document.RootElement;
            var objects = root.ValueKind == JsonValueKind.Array ? root
                : root.ValueKind == JsonValueKind.Object && (root.TryGetProperty("objects", out var list) || root.TryGetProperty("stixobjects", out list)) ? list
                : root;
            var indicators = new List<Indicator>();
            var problems = new List<string>();
            var skipped = 0;
            foreach (var item in objects.ValueKind == JsonValueKind.Array ? objects.EnumerateArray().ToArray() : [objects])
            {
                if (item.ValueKind != JsonValueKind.Object || Text(item, "type") != "indicator")
                {
                    skipped++;
                    continue;
                }

                var read = Read(item, source, now);
                if (read.TryGetValue(out var indicator, out var problem))
                {
                    indicators.Add(indicator);
                }
                else if (problems.Count < MaxProblems)
                {
                    problems.Add($"{Text(item, "id")}: {problem.Message}");
                }
            }

            return new ImportedIndicators(indicators, skipped, problems);
        }
    }

    /// <summary>
    /// CSV with a header. Columns, in any order and case: <c>type</c> (ip, domain, url, email, md5, sha1, sha256) and <c>value</c>, or
    /// <c>pattern</c>; also <c>name</c>, <c>description</c>, <c>confidence</c>, <c>threatType</c>, <c>labels</c> (parted by ;), <c>validFrom</c>, <c>validUntil</c>.
    /// </summary>
    public static Outcome<ImportedIndicators> ReadCsv(string text, string source, DateTimeOffset now)
    {
        using var lines = DelimitedText.Read(text, ',').GetEnumerator();
        if (!lines.MoveNext())
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "There is no header line.", "content");
        }

        var columns = lines.Current.Select((name, at) => (Name: name.Trim().ToLowerInvariant(), At: at)).DistinctBy(c => c.Name).ToDictionary(c => c.Name, c => c.At);
        if (!columns.ContainsKey("pattern") && !(columns.ContainsKey("type") && columns.ContainsKey("value")))
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "The header needs the columns type and value, or pattern.", "content");
        }

        var indicators = new List<Indicator>();
        var problems = new List<string>();
        for (var line = 1; lines.MoveNext(); line++)
        {
            var fields = lines.Current;
            var value = Field("value");
            var pattern = Field("pattern") is { Length: > 0 } given ? given : StixPattern.Of(Field("type"), value);
            var problem = pattern is null || (Field("pattern").Length == 0 && value.Length == 0) ? $"'{Field("type")}' with the value '{value}' is no known kind of indicator." : null;
            IReadOnlyList<Observable> observables = [];
            if (problem is null && !StixPattern.Read(pattern!).TryGetValue(out observables!, out var refused))
            {
                problem = refused.Message;
            }

            var validFrom = Time(Field("validfrom"), ref problem);
            var validUntil = Time(Field("validuntil"), ref problem);
            if (problem is not null)
            {
                if (problems.Count < MaxProblems)
                {
                    problems.Add(string.Create(CultureInfo.InvariantCulture, $"Record {line}: {problem}"));
                }

                continue;
            }

            var id = IdOf(source, pattern!);
            indicators.Add(new Indicator
            {
                Id = id,
                ExternalId = $"indicator--{id:D}",
                DisplayName = Field("name") is { Length: > 0 } name ? name : value,
                Description = Field("description"),
                Source = source,
                Pattern = pattern!,
                Observables = observables,
                ThreatTypes = Field("threattype") is { Length: > 0 } type ? [type] : [],
                Labels = Field("labels").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
                Confidence = int.TryParse(Field("confidence"), CultureInfo.InvariantCulture, out var sure) ? Math.Clamp(sure, 0, 100) : null,
                ValidFrom = validFrom ?? now,
                ValidUntil = validUntil,
                Created = now,
                Modified = now,
            });

            string Field(string name) => columns.TryGetValue(name, out var at) && at < fields.Count ? fields[at].Trim() : "";
        }

        return new ImportedIndicators(indicators, 0, problems);
    }

    /// <summary>The same indicator of the same source has the same id, so that importing it again updates it.</summary>
    internal static Guid IdOf(string source, string externalId)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"indicator|{source}|{externalId}"));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    private static Outcome<Indicator> Read(JsonElement item, string source, DateTimeOffset now)
    {
        if (Text(item, "id") is not { Length: > 0 } id || Text(item, "pattern") is not { } pattern)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", "An indicator needs id, pattern and valid_from.");
        }

        var patternType = Text(item, "pattern_type") ?? "stix";
        IReadOnlyList<Observable> observables = [];
        if (patternType == "stix" && !StixPattern.Read(pattern).TryGetValue(out observables!, out var refused))
        {
            return refused;
        }

        string? problem = null;
        var validFrom = Time(Text(item, "valid_from") ?? "", ref problem);
        var validUntil = Time(Text(item, "valid_until") ?? "", ref problem);
        var created = Time(Text(item, "created") ?? "", ref problem);
        var modified = Time(Text(item, "modified") ?? "", ref problem);
        if (problem is not null || validFrom is null)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", problem ?? "An indicator needs valid_from.");
        }

        return new Indicator
        {
            Id = IdOf(source, id),
            ExternalId = id,
            DisplayName = Text(item, "name") ?? id,
            Description = Text(item, "description") ?? "",
            Source = source,
            Pattern = pattern,
            PatternType = patternType,
            Observables = observables,
            ThreatTypes = Texts(item, "indicator_types"),
            Labels = Texts(item, "labels"),
            KillChainPhases = item.TryGetProperty("kill_chain_phases", out var phases) && phases.ValueKind == JsonValueKind.Array
                ? [.. phases.EnumerateArray().Where(p => p.ValueKind == JsonValueKind.Object).Select(p => new KillChainPhase(Text(p, "kill_chain_name") ?? "", Text(p, "phase_name") ?? ""))]
                : [],
            Confidence = item.TryGetProperty("confidence", out var sure) && sure.ValueKind == JsonValueKind.Number && sure.TryGetInt32(out var number) ? Math.Clamp(number, 0, 100) : null,
            IsRevoked = item.TryGetProperty("revoked", out var revoked) && revoked.ValueKind == JsonValueKind.True,
            ValidFrom = validFrom.Value,
            ValidUntil = validUntil,
            CreatedBy = Text(item, "created_by_ref") ?? "",
            Created = created ?? now,
            Modified = modified ?? created ?? now,
        };
    }

    private static DateTimeOffset? Time(string text, ref string? problem)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time.ToUniversalTime();
        }

        problem ??= $"'{text}' is no time.";
        return null;
    }

    private static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string[] Texts(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]
            : [];
}

/// <summary>What an import holds.</summary>
/// <param name="Skipped">Objects of other kinds.</param>
public sealed record ImportedIndicators(IReadOnlyList<Indicator> Indicators, int Skipped, IReadOnlyList<string> Problems);
