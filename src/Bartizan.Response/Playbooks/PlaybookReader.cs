using System.Text.Json;
using System.Text.Json.Nodes;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks.Expressions;

namespace Bartizan.Response.Playbooks;

/// <summary>Reads workflow definitions, and refuses by name what could not be run as the language says.</summary>
internal sealed class PlaybookReader
{
    private const int MaxActions = 500;
    private const int MaxDepth = 8;

    private static readonly string[] types =
        ["if", "foreach", "until", "scope", "compose", "parsejson", "initializevariable", "setvariable", "appendtoarrayvariable", "appendtostringvariable", "incrementvariable", "terminate", "http", "apiconnection",
        "switch", "wait", "query", "select", "table", "join", "response"];

    private int count;

    public static Outcome<PlaybookDefinition> Read(string json)
    {
        try
        {
            return JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = 64 }) is JsonObject definition
                ? new PlaybookReader().Read(definition)
                : Refuse("A workflow definition is a JSON object.");
        }
        catch (Exception e) when (e is JsonException or ExpressionException or InvalidOperationException or ArgumentException)
        {
            return Refuse(e.Message);
        }
    }

    private static Problem Refuse(string message) => new(ProblemKind.Invalid, "InvalidTemplate", message, "properties.definition");

    private PlaybookDefinition Read(JsonObject definition)
    {
        if (definition["triggers"] is not JsonObject { Count: 1 } triggers || triggers.First().Value is not JsonObject trigger)
        {
            throw new ExpressionException("A playbook has one trigger.");
        }

        if (Word(trigger["type"]) is not ("apiconnectionwebhook" or "request"))
        {
            throw new ExpressionException($"Playbooks are set off by incidents, alerts, entities and requests: a trigger of the type '{trigger["type"]}' is not known here.");
        }

        var parameters = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in definition["parameters"] as JsonObject ?? [])
        {
            parameters[name] = (value as JsonObject)?["defaultValue"];
        }

        return new PlaybookDefinition(TriggerOf(trigger), parameters, Actions(definition["actions"], 0));
    }

    /// <summary>The paths of the security connector's triggers.</summary>
    private static PlaybookTrigger? TriggerOf(JsonObject trigger) => Word((trigger["inputs"] as JsonObject)?["path"]) switch
    {
        "/incident-creation" => PlaybookTrigger.Incident,
        "/subscribe" => PlaybookTrigger.Alert,
        var path when path.StartsWith("/entity/", StringComparison.Ordinal) => PlaybookTrigger.Entity,
        _ => null,
    };

    private IReadOnlyList<PlaybookAction> Actions(JsonNode? node, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ExpressionException($"Actions stand at most {MaxDepth} deep in one another.");
        }

        var actions = (node as JsonObject ?? []).Select(p => Action(p.Key, p.Value as JsonObject ?? throw new ExpressionException($"The action '{p.Key}' is not an object."), depth)).ToList();
        if ((count += actions.Count) > MaxActions)
        {
            throw new ExpressionException($"A playbook has at most {MaxActions} actions.");
        }

        var done = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (done.Count < actions.Count)
        {
            var before = done.Count;
            foreach (var action in actions.Where(a => !done.Contains(a.Name) && a.RunAfter.Keys.All(done.Contains)))
            {
                done.Add(action.Name);
            }

            if (done.Count == before)
            {
                throw new ExpressionException($"The action '{actions.First(a => !done.Contains(a.Name)).Name}' runs after one that is not beside it, or after itself.");
            }
        }

        return actions;
    }

    private PlaybookAction Action(string name, JsonObject json, int depth)
    {
        var type = Word(json["type"]);
        if (!types.Contains(type))
        {
            throw new ExpressionException($"The action '{name}' has the type '{json["type"]}', which is not run here.");
        }

        if (type == "initializevariable" && depth > 0)
        {
            throw new ExpressionException($"The action '{name}' initializes a variable within another action; that is done at the top.");
        }

        if (type == "apiconnection" && !IncidentConnector.Knows(json))
        {
            throw new ExpressionException($"The action '{name}' calls a connection that is not known here; there are comments, updates, tasks and entities of incidents, and the incident of an alert.");
        }

        var branches = new Dictionary<string, IReadOnlyList<PlaybookAction>>();
        if (type is "if" or "foreach" or "until" or "scope")
        {
            branches["actions"] = Actions(json["actions"], depth + 1);
            branches["else"] = Actions((json["else"] as JsonObject)?["actions"], depth + 1);
        }

        if (type == "switch")
        {
            if (json["cases"] is not JsonObject cases || json["expression"] is null)
            {
                throw new ExpressionException($"The action '{name}' is a switch without an expression and cases.");
            }

            foreach (var (key, value) in cases)
            {
                branches["case:" + key] = Actions(value?["actions"], depth + 1);
            }

            branches["default"] = Actions((json["default"] as JsonObject)?["actions"], depth + 1);
        }

        // Expressions are read now, so that one that is wrong is not found in the middle of a run.
        foreach (var (key, value) in json.Where(p => p.Key is not ("actions" or "else" or "runAfter" or "cases" or "default")))
        {
            CheckExpressions(value);
        }

        return new PlaybookAction(name, type, RunAfter(name, json["runAfter"]), json, branches);
    }

    private static Dictionary<string, IReadOnlyList<StepStatus>> RunAfter(string name, JsonNode? node)
    {
        var after = new Dictionary<string, IReadOnlyList<StepStatus>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (predecessor, statuses) in node as JsonObject ?? [])
        {
            after[predecessor] = [.. (statuses as JsonArray ?? []).Select(s => Word(s) switch
            {
                "succeeded" => StepStatus.Succeeded,
                "failed" => StepStatus.Failed,
                "timedout" => StepStatus.TimedOut,
                "skipped" => StepStatus.Skipped,
                _ => throw new ExpressionException($"The action '{name}' waits for '{s}', which is no status."),
            })];
        }

        return after;
    }

    private static void CheckExpressions(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject o:
                foreach (var (key, value) in o)
                {
                    ExpressionReader.Read(key);
                    CheckExpressions(value);
                }

                break;
            case JsonArray a:
                foreach (var item in a)
                {
                    CheckExpressions(item);
                }

                break;
            case JsonValue v when v.TryGetValue<string>(out var text):
                ExpressionReader.Read(text);
                break;
            default:
                break;
        }
    }

    private static string Word(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text.ToLowerInvariant() : "";
}
