using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bartizan.Content.Documents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Definitions;

namespace Bartizan.Content.Policies;

/// <summary>Reads one check and composes its policy definition.</summary>
internal sealed class CheckReader(SourceReading reading, SourceMap file)
{
    private static readonly Dictionary<string, string> Levels = Words("Low", "Medium", "High");
    private static readonly Dictionary<string, string> Efforts = Words("Low", "Moderate", "High");
    private static readonly Dictionary<string, string> Categories = Words("Compute", "Networking", "Data", "IdentityAndAccess", "IoT");

    private static readonly Dictionary<string, string> Threats = Words(
        "accountBreach", "dataExfiltration", "dataSpillage", "maliciousInsider", "elevationOfPrivilege", "threatResistance", "missingCoverage", "denialOfService");

    public CheckDefinition? Read(SourceMap map)
    {
        var errorsBefore = reading.Diagnostics.Count(d => d.IsError);
        var name = reading.RequiredText(map, "name");
        var title = reading.RequiredText(map, "title");
        var why = reading.RequiredText(map, "why");
        var types = Types(map);
        if (types.Count == 0)
        {
            reading.Error("BC020", map.Span, "The check names no 'type'.", "Give it one, or the file.");
        }

        var environment = Environment(map);
        var existence = reading.Map(map, "exists");
        var condition = map["if"] as SourceMap;
        if (condition is null && existence is null)
        {
            reading.Error("BC005", new TextSpan(map.Span.Start, 0), "'if' is missing or not a condition.", "It says when a resource is unhealthy.");
            return null;
        }

        var effect = existence is null ? "Audit" : "AuditIfNotExists";
        var rule = Rule(map, name ?? "", title ?? "", why ?? "", types, condition, existence, effect);
        var applies = When(map) is { } when ? AppliesRule(types, when) : null;
        CheckLanguage(condition ?? map, rule);
        if (applies is not null)
        {
            CheckLanguage(When(map)!, applies);
        }

        var check = new CheckDefinition(Key(map, name ?? ""), name ?? "", title ?? "", why ?? "", environment, types, rule)
        {
            Applies = applies,
            Effect = effect,
            Severity = Word(map, "severity", Levels) ?? "Medium",
            UserImpact = Word(map, "impact", Efforts) ?? "Low",
            ImplementationEffort = Word(map, "effort", Efforts) ?? "Low",
            Categories = WordList(map, "categories", Categories),
            Threats = WordList(map, "threats", Threats),
            Controls = Inherited(map, "controls"),
            Tactics = Inherited(map, "tactics"),
            Techniques = Inherited(map, "techniques"),
            Remediation = reading.Texts(map, "remediation"),
            BuiltIns = reading.Texts(map, "builtIns"),
            Fix = map["fix"] is SourceMap fix ? SourceJson.ToNode(fix)!.ToJsonString() : null,
            IsPreview = reading.Boolean(map, "preview") ?? false,
            IsOptional = reading.Boolean(map, "optional") ?? false,
            Fixtures = [.. Fixtures(map, "unhealthy", "Unhealthy", types), .. Fixtures(map, "healthy", "Healthy", types), .. Fixtures(map, "notApplicable", "NotApplicable", types)],
            File = reading.Document.File,
        };
        return reading.Diagnostics.Count(d => d.IsError) > errorsBefore ? null : check;
    }

    private static Dictionary<string, string> Words(params string[] words) => words.ToDictionary(w => w, StringComparer.OrdinalIgnoreCase);

    private List<string> Types(SourceMap map)
    {
        var source = map["type"] is not null ? map : file;
        return source["type"] is SourceList ? [.. reading.Texts(source, "type")] : reading.Text(source, "type") is { } one ? [one] : [];
    }

    private CloudEnvironment Environment(SourceMap map)
    {
        var text = reading.Text(map, "environment") ?? reading.Text(file, "environment") ?? "Azure";
        if (Enum.TryParse<CloudEnvironment>(text, ignoreCase: true, out var environment) && Enum.IsDefined(environment))
        {
            return environment;
        }

        reading.Error("BC007", map.Span, $"'environment' cannot be '{text}'.", $"It is one of {string.Join(", ", Enum.GetNames<CloudEnvironment>())}.");
        return CloudEnvironment.Azure;
    }

    private string Key(SourceMap map, string name)
    {
        if (reading.Text(map, "key") is not { } text)
        {
            return KeyOf("check", name);
        }

        if (Guid.TryParse(text, out var key))
        {
            return key.ToString();
        }

        reading.Error("BC007", map["key"]!.Span, $"'key' must be a GUID, found '{text}'.");
        return text;
    }

    /// <summary>The same GUID for the same name, everywhere.</summary>
    internal static string KeyOf(string kind, string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"bartizan/{kind}/{name.ToLowerInvariant()}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    private string? Word(SourceMap map, string key, Dictionary<string, string> words) =>
        reading.Choice(map, key, words.ToDictionary(w => w.Key, w => new Spelt(w.Value), StringComparer.OrdinalIgnoreCase))?.Text;

    private List<string> WordList(SourceMap map, string key, Dictionary<string, string> words)
    {
        var source = map[key] is not null ? map : file;
        var found = new List<string>();
        foreach (var scalar in reading.Scalars(source, key))
        {
            if (words.TryGetValue(scalar.Text, out var word))
            {
                found.Add(word);
            }
            else
            {
                reading.Error("BC007", scalar.Span, $"'{key}' cannot hold '{scalar.Text}'.", $"It is one of {string.Join(", ", words.Keys)}.");
            }
        }

        return found;
    }

    private IReadOnlyList<string> Inherited(SourceMap map, string key) => reading.Texts(map[key] is not null ? map : file, key);

    /// <summary>In conditions <c>~/</c> stands for the check's type, so that aliases are short to write and whole in the definition.</summary>
    private static string Spell(string text, List<string> types) => types.Count == 0 ? text
        : text.StartsWith("~/", StringComparison.Ordinal) ? types[0] + text[1..]
        : text.StartsWith('[') ? text.Replace("'~/", $"'{types[0]}/", StringComparison.Ordinal)
        : text;

    private static JsonObject TypeClause(List<string> types) => types.Count == 1
        ? new JsonObject { ["field"] = "type", ["equals"] = types[0] }
        : new JsonObject { ["field"] = "type", ["in"] = new JsonArray([.. types.Select(t => JsonValue.Create(t))]) };

    private static string AppliesRule(List<string> types, SourceMap when) => new JsonObject
    {
        ["if"] = new JsonObject { ["allOf"] = new JsonArray(TypeClause(types), SourceJson.ToNode(when, t => Spell(t, types))) },
        ["then"] = new JsonObject { ["effect"] = "audit" },
    }.ToJsonString();

    private string Rule(
        SourceMap map, string name, string title, string why, List<string> types, SourceMap? condition, SourceMap? existence, string effect)
    {
        var clauses = new JsonArray(TypeClause(types));
        if (When(map) is { } when)
        {
            clauses.Add(SourceJson.ToNode(when, t => Spell(t, types)));
        }

        if (condition is not null)
        {
            clauses.Add(SourceJson.ToNode(condition, t => Spell(t, types)));
        }

        var then = new JsonObject { ["effect"] = "[parameters('effect')]" };
        if (existence is not null)
        {
            then["details"] = SourceJson.ToNode(existence, t => Spell(t, types));
        }

        return new JsonObject
        {
            ["id"] = "/providers/Microsoft.Authorization/policyDefinitions/" + name,
            ["name"] = name,
            ["type"] = "Microsoft.Authorization/policyDefinitions",
            ["properties"] = new JsonObject
            {
                ["displayName"] = title,
                ["description"] = why,
                ["policyType"] = "BuiltIn",
                ["mode"] = "All",
                ["metadata"] = new JsonObject { ["version"] = "1.0.0", ["category"] = "Bartizan" },
                ["parameters"] = new JsonObject
                {
                    ["effect"] = new JsonObject
                    {
                        ["type"] = "String",
                        ["allowedValues"] = existence is null ? new JsonArray("Audit", "Deny", "Disabled") : new JsonArray("AuditIfNotExists", "Disabled"),
                        ["defaultValue"] = effect,
                    },
                },
                ["policyRule"] = new JsonObject { ["if"] = new JsonObject { ["allOf"] = clauses }, ["then"] = then },
            },
        }.ToJsonString();
    }

    private SourceMap? When(SourceMap map) => (map["when"] ?? file["when"]) as SourceMap;

    private void CheckLanguage(SourceNode where, string rule)
    {
        if (!PolicyDefinition.Parse(rule).TryGetValue(out _, out var problem))
        {
            reading.Error("BC021", where.Span, problem.Message);
        }
    }

    private IEnumerable<CheckFixture> Fixtures(SourceMap map, string key, string expected, List<string> types)
    {
        var source = map[key] is null && key == "notApplicable" ? file : map;
        foreach (var fixture in reading.Maps(source, key))
        {
            // A fixture with related resources is {resource, related}; else it is the resource itself.
            var isWrapped = fixture["resource"] is SourceMap;
            var resource = SourceJson.ToNode(isWrapped ? fixture["resource"]! : fixture)!.AsObject();
            if (!resource.ContainsKey("type"))
            {
                resource["type"] = types.FirstOrDefault();
            }

            var related = isWrapped ? reading.Maps(fixture, "related").Select(r => SourceJson.ToNode(r)!.ToJsonString()).ToList() : [];
            yield return new CheckFixture(expected, resource.ToJsonString(), related);
        }
    }

    private readonly record struct Spelt(string Text);
}
