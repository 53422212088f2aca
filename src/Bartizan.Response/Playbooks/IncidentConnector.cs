using System.Text.Json.Nodes;
using Bartizan.Content.Rules;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks.Expressions;
using static Bartizan.Response.Playbooks.Expressions.ExpressionEvaluation;

namespace Bartizan.Response.Playbooks;

/// <summary>The operations of the security connector that playbooks call: a comment on an incident, changes of one, its entities by kind.</summary>
internal sealed class IncidentConnector(IncidentStore incidents, IncidentComments comments, TimeProvider time)
{
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
        && inputs["host"]?.ToJsonString().Contains("azuresentinel", StringComparison.OrdinalIgnoreCase) == true
        && (Text(inputs["method"]).ToLowerInvariant(), Text(inputs["path"]).ToLowerInvariant()) is ("post", "/incidents/comment") or ("put", "/incidents") or ("post", "/entities/ip" or "/entities/host" or "/entities/account" or "/entities/url" or "/entities/filehash");

    public async Task<Outcome<JsonNode?>> CallAsync(JsonObject inputs, string playbook, CancellationToken cancellationToken)
    {
        var path = Text(inputs["path"]).ToLowerInvariant();
        var body = inputs["body"];
        if (entityLists.TryGetValue(path, out var list))
        {
            return Entities(body, list.Kind, list.Result);
        }

        var actor = new Actor(ActorKind.Playbook, playbook);
        if (IncidentOf(body?["incidentArmId"]) is not { } id)
        {
            return Refuse("incidentArmId", $"'{Short(body?["incidentArmId"])}' is not the id of an incident.");
        }

        if (path == "/incidents/comment")
        {
            var written = await comments.PutAsync(id, Guid.CreateVersion7(time.GetUtcNow()), Text(body!["message"]), actor, null, cancellationToken).ConfigureAwait(false);
            return written.TryGetValue(out var comment, out var problem) ? new JsonObject { ["name"] = comment.Id } : problem;
        }

        if (!Change(body!).TryGetValue(out var change, out var refusal))
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

    private static Outcome<IncidentChange> Change(JsonNode body)
    {
        if (!Word<AlertSeverity>(body["severity"], out var severity) || !Word<IncidentStatus>(body["status"], out var status))
        {
            return Refuse("body", $"'{Short(body["severity"])}' and '{Short(body["status"])}' are not a severity and a status.");
        }

        if (body["tagsToRemove"] is not null || body["ownerAction"] is not null)
        {
            return Refuse("body", "Removing tags and changing the owner are not done here.");
        }

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
