using System.Text.Json.Nodes;
using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks.Expressions;
using Bartizan.Store.Records;
using static Bartizan.Response.Playbooks.Expressions.ExpressionEvaluation;

namespace Bartizan.Response.Playbooks;

/// <summary>The operations of the security connector that playbooks call: comments, tasks and changes of an incident, the incident of an alert, entities by kind.</summary>
internal sealed class IncidentConnector(IncidentStore incidents, TimeProvider time)
{
    private readonly IncidentComments comments = new(incidents);
    private readonly IncidentTasks tasks = new(incidents);

    private static readonly Dictionary<string, (string Kind, string Result)> entityLists = new(StringComparer.OrdinalIgnoreCase)
    {
        ["/entities/ip"] = ("Ip", "IPs"),
        ["/entities/host"] = ("Host", "Hosts"),
        ["/entities/account"] = ("Account", "Accounts"),
        ["/entities/url"] = ("Url", "URLs"),
        ["/entities/filehash"] = ("FileHash", "Filehashes"),
    };

    public static bool Knows(JsonObject action) =>
        action["inputs"] is JsonObject inputs
        && inputs["host"]?.ToJsonString() is { } host
        && (host.Contains("azuresentinel", StringComparison.OrdinalIgnoreCase) || host.Contains("microsoftsentinel", StringComparison.OrdinalIgnoreCase))
        && Operation(Text(inputs["method"]), Text(inputs["path"])) is not null;

    /// <summary>What a method and a path ask for; a path may still hold expressions.</summary>
    private static string? Operation(string method, string path)
    {
        path = path.ToLowerInvariant().TrimEnd('/');
        return (method.ToLowerInvariant(), path) switch
        {
            ("post", "/incidents/comment") => "comment",
            ("put", "/incidents") => "change",
            ("post", "/incidents/createtask") => "task",
            ("post", "/incidents/completetask") => "taskDone",
            ("post", _) when entityLists.ContainsKey(path) => "entities",
            ("get", _) when path.StartsWith("/incidents/subscriptions/", StringComparison.Ordinal) && path.Contains("/alerts/", StringComparison.Ordinal) => "ofAlert",
            _ => null,
        };
    }

    public async Task<Outcome<JsonNode?>> CallAsync(JsonObject inputs, string playbook, CancellationToken cancellationToken)
    {
        var path = Text(inputs["path"]).TrimEnd('/');
        var body = inputs["body"];
        var operation = Operation(Text(inputs["method"]), path);
        var actor = new Actor(ActorKind.Playbook, playbook);
        switch (operation)
        {
            case "entities":
                var list = entityLists[path];
                return Entities(body, list.Kind, list.Result);
            case "ofAlert":
                return await OfAlertAsync(Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]), cancellationToken).ConfigureAwait(false);
            case "taskDone":
                return await CompleteAsync(Text(body?["taskArmId"]), actor, cancellationToken).ConfigureAwait(false);
            default:
                break;
        }

        if (IncidentOf(body?["incidentArmId"]) is not { } id)
        {
            return Refuse("incidentArmId", $"'{Short(body?["incidentArmId"])}' is not the id of an incident.");
        }

        if (operation == "task")
        {
            var made = await tasks.PutAsync(id, Guid.CreateVersion7(time.GetUtcNow()), Text(body!["taskTitle"]), Text(body["taskDescription"]), null, actor, null, cancellationToken).ConfigureAwait(false);
            return made.TryGetValue(out var task, out var refused) ? new JsonObject { ["id"] = $"{PlaybookSubjects.ArmId(id)}/tasks/{task.Id}", ["name"] = task.Id, ["properties"] = new JsonObject { ["title"] = task.Value.Title } } : refused;
        }

        if (operation == "comment")
        {
            var written = await comments.PutAsync(id, Guid.CreateVersion7(time.GetUtcNow()), Text(body!["message"]), actor, null, cancellationToken).ConfigureAwait(false);
            return written.TryGetValue(out var comment, out var problem) ? new JsonObject { ["name"] = comment.Id } : problem;
        }

        if (await incidents.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } known)
        {
            return Refuse("incidentArmId", $"There is no incident '{id}'.");
        }

        if (!Change(body!, known.Value).TryGetValue(out var change, out var refusal))
        {
            return refusal;
        }

        var edited = await incidents.EditAsync(id, change, actor, null, cancellationToken).ConfigureAwait(false);
        return edited.TryGetValue(out var incident, out refusal) ? new JsonObject { ["name"] = incident.Id, ["properties"] = new JsonObject { ["status"] = incident.Value.Status.ToString(), ["severity"] = incident.Value.Severity.ToString() } } : refusal;
    }

    private static Outcome<JsonNode?> Entities(JsonNode? body, string kind, string result) => body is not JsonArray all
        ? Refuse("body", "The entities to choose from are an array.")
        : new JsonObject
        {
            [result] = ExpressionFunctions.Copy(all.OfType<JsonObject>().Where(e => Text(e["kind"]).Equals(kind, StringComparison.OrdinalIgnoreCase)).Select(e => e["properties"])),
        };

    /// <summary>The incident that an alert is in; the newest, when there are several.</summary>
    private async Task<Outcome<JsonNode?>> OfAlertAsync(string alert, CancellationToken cancellationToken)
    {
        var page = await incidents.ListAsync(
            new RecordQuery { Filters = [new RecordFilter.Equal("alert", alert.ToLowerInvariant())], OrderBy = new RecordOrder("number", Descending: true), Take = 1 }, cancellationToken).ConfigureAwait(false);
        return page.Value.Items is [var found]
            ? new JsonObject
            {
                ["id"] = PlaybookSubjects.ArmId(found.Value.Id),
                ["name"] = found.Id,
                ["properties"] = new JsonObject
                {
                    ["title"] = found.Value.Title,
                    ["severity"] = found.Value.Severity.ToString(),
                    ["status"] = found.Value.Status.ToString(),
                    ["incidentNumber"] = found.Value.Number,
                },
            }
            : new Problem(ProblemKind.NotFound, "NotFound", $"The alert '{alert}' is in no incident.", "path");
    }

    private async Task<Outcome<JsonNode?>> CompleteAsync(string armId, Actor actor, CancellationToken cancellationToken)
    {
        if (armId.Split('/') is not [.., "incidents" or "Incidents", var incident, "tasks" or "Tasks", var name]
            || !Guid.TryParse(incident, out var incidentId) || !Guid.TryParse(name, out var id)
            || await tasks.FindAsync(incidentId, id, cancellationToken).ConfigureAwait(false) is not { } task)
        {
            return Refuse("taskArmId", $"'{armId}' is not the id of a task.");
        }

        var done = await tasks.PutAsync(incidentId, id, task.Value.Title, null, IncidentTaskStatus.Completed, actor, null, cancellationToken).ConfigureAwait(false);
        return done.IsSuccess ? new JsonObject { ["name"] = task.Id } : done.Problem;
    }

    private static Outcome<IncidentChange> Change(JsonNode body, Incident known)
    {
        if (!Word<AlertSeverity>(body["severity"], out var severity) || !Word<IncidentStatus>(body["status"], out var status))
        {
            return Refuse("body", $"'{Short(body["severity"])}' and '{Short(body["status"])}' are not a severity and a status.");
        }

        IncidentOwner? owner = null;
        switch (Text(body["ownerAction"]).ToUpperInvariant())
        {
            case "":
                break;
            case "UNASSIGN":
                owner = new IncidentOwner();
                break;
            case "ASSIGN" when Text(body["owner"]) is { Length: > 0 } name:
                owner = Guid.TryParse(name, out var objectId) ? new IncidentOwner { ObjectId = objectId } : new IncidentOwner { UserPrincipalName = name };
                break;
            default:
                return Refuse("ownerAction", $"'{Short(body["ownerAction"])}' is not Assign with an owner, nor Unassign.");
        }

        var removed = (body["tagsToRemove"]?["TagsToRemove"] as JsonArray ?? []).Select(t => Text(t?["Tag"])).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Classification? classification = null;
        ClassificationReason? reason = null;
        if (body["classification"]?["ClassificationAndReason"] is { } chosen)
        {
            var words = Text(chosen).Replace(" ", "", StringComparison.Ordinal).Split('-');
            if (!Word(words[0], out classification) || !Word(words.Length > 1 ? words[1] : null, out reason))
            {
                return Refuse("classification", $"'{Short(chosen)}' is no classification.");
            }
        }

        return new IncidentChange
        {
            Severity = severity,
            Status = status,
            Classification = classification,
            ClassificationReason = reason,
            ClassificationComment = body["classification"]?["ClassificationReasonText"] is { } why ? Text(why) : null,
            Owner = owner,
            Labels = removed.Count == 0 ? null : [.. known.Labels.Where(l => !removed.Contains(l.Name))],
            AddLabels = [.. (body["tagsToAdd"]?["TagsToAdd"] as JsonArray ?? []).Select(t => new IncidentLabel(Text(t?["Tag"]), IsAutomatic: true))],
        };
    }

    private static Guid? IncidentOf(JsonNode? armId) =>
        Text(armId).Split('/') is [.., var kind, var name] && kind.Equals("incidents", StringComparison.OrdinalIgnoreCase) && Guid.TryParse(name, out var id) ? id : null;

    private static bool Word<T>(JsonNode? node, out T? word)
        where T : struct, Enum => Word(node is null ? null : Text(node), out word);

    private static bool Word<T>(string? text, out T? word)
        where T : struct, Enum
    {
        word = null;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (int.TryParse(text, out _) || !Enum.TryParse<T>(text, ignoreCase: true, out var found))
        {
            return false;
        }

        word = found;
        return true;
    }

    private static Problem Refuse(string target, string message) => new(ProblemKind.Invalid, "BadRequest", message, target);
}
