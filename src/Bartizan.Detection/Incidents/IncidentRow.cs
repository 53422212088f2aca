using System.Globalization;
using System.Text.Json;
using Bartizan.Detection.Rows;

namespace Bartizan.Detection.Incidents;

/// <summary>An incident's present state as a row of <c>SecurityIncident</c>.</summary>
internal static class IncidentRow
{
    /// <summary>A row holds at most this much of the comments; the oldest are left out, the incident keeps them.</summary>
    private const int MaxComments = 48 * 1024;

    public static string Write(Incident incident, IncidentParts parts) => RowText.Write(json =>
    {
        json.Time("TimeGenerated", incident.LastModified);
        json.WriteString("IncidentName", incident.Id);
        json.WriteNumber("IncidentNumber", incident.Number);
        json.WriteString("Title", incident.Title);
        json.WriteString("Description", incident.Description);
        json.WriteString("Severity", incident.Severity.ToString());
        json.WriteString("Status", incident.Status.ToString());
        json.WriteString("Classification", incident.Classification?.ToString() ?? "");
        json.WriteString("ClassificationReason", incident.ClassificationReason?.ToString() ?? "");
        json.WriteString("ClassificationComment", incident.ClassificationComment);
        json.WriteStartObject("Owner");
        json.WriteString("objectId", incident.Owner?.ObjectId?.ToString("D"));
        json.WriteString("email", incident.Owner?.Email);
        json.WriteString("assignedTo", incident.Owner?.AssignedTo);
        json.WriteString("userPrincipalName", incident.Owner?.UserPrincipalName);
        json.WriteEndObject();
        json.WriteString("ProviderName", incident.ProviderName);
        json.WriteString("ProviderIncidentId", incident.Number.ToString(CultureInfo.InvariantCulture));
        json.Time("FirstActivityTime", incident.FirstActivity);
        json.Time("LastActivityTime", incident.LastActivity);
        json.Time("FirstModifiedTime", incident.FirstModified);
        json.Time("LastModifiedTime", incident.LastModified);
        json.Time("CreatedTime", incident.Created);
        json.Time("ClosedTime", incident.Closed);
        json.Texts("RelatedAnalyticRuleIds", incident.RuleIds.Select(i => i.ToString("D")));
        json.Texts("AlertIds", incident.AlertIds.Select(i => i.ToString("D")));
        json.Texts("BookmarkIds", incident.BookmarkIds.Select(i => i.ToString("D")));
        WriteComments(json, parts.Comments);
        WriteTasks(json, parts.Tasks);
        json.WriteStartArray("Labels");
        foreach (var label in incident.Labels)
        {
            json.WriteStartObject();
            json.WriteString("labelName", label.Name);
            json.WriteString("labelType", label.IsAutomatic ? "AutoAssigned" : "User");
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("AdditionalData");
        json.WriteNumber("alertsCount", incident.AlertIds.Count);
        json.WriteNumber("bookmarksCount", incident.BookmarkIds.Count);
        json.WriteNumber("commentsCount", incident.CommentCount);
        json.Texts("alertProductNames", incident.ProductNames);
        json.Texts("tactics", incident.Tactics);
        json.Texts("techniques", incident.Techniques);
        json.WriteEndObject();
        json.WriteString("ModifiedBy", incident.ModifiedBy);
    });

    private static void WriteTasks(Utf8JsonWriter json, IReadOnlyList<IncidentTask> tasks)
    {
        json.WriteStartArray("Tasks");
        foreach (var task in tasks)
        {
            json.WriteStartObject();
            json.WriteString("id", task.Id);
            json.WriteString("title", task.Title);
            json.WriteString("description", task.Description);
            json.WriteString("status", task.Status.ToString());
            json.Time("createdTimeUtc", task.Created);
            json.Time("lastModifiedTimeUtc", task.LastModified);
            json.WriteString("createdBy", task.CreatedBy.Name);
            json.WriteString("lastModifiedBy", task.LastModifiedBy.Name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteComments(Utf8JsonWriter json, IReadOnlyList<IncidentComment> comments)
    {
        var left = MaxComments;
        json.WriteStartArray("Comments");
        foreach (var comment in comments.OrderByDescending(c => c.Created).TakeWhile(c => (left -= c.Message.Length + 200) > 0).Reverse())
        {
            json.WriteStartObject();
            json.WriteString("id", comment.Id);
            json.WriteString("message", comment.Message);
            json.Time("createdTimeUtc", comment.Created);
            json.Time("lastModifiedTimeUtc", comment.LastModified);
            json.WriteStartObject("author");
            json.WriteString("name", comment.Author.Name);
            json.WriteString("email", comment.Author.Email);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
