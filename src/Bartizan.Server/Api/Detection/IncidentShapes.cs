using System.Globalization;
using System.Text.Json;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Detection;
using WireEvidenceColumn = Bartizan.Wire.Detection.EvidenceColumn;

namespace Bartizan.Server.Api.Detection;

/// <summary>Incidents, alerts and entities in the shapes of the API.</summary>
internal static class IncidentShapes
{
    public static ArmResource<IncidentProperties> Shape(Record<Incident> record, Home home)
    {
        var incident = record.Value;
        return new ArmResource<IncidentProperties>
        {
            Id = InsightsPath.Id(home, $"Incidents/{incident.Id:D}"),
            Name = incident.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/Incidents",
            Etag = $"\"{record.ETag}\"",
            Properties = new IncidentProperties
            {
                Title = incident.Title,
                Description = incident.Description,
                Severity = incident.Severity.ToString(),
                Status = incident.Status.ToString(),
                Classification = incident.Classification?.ToString(),
                ClassificationReason = incident.ClassificationReason?.ToString(),
                ClassificationComment = incident.ClassificationComment.Length == 0 ? null : incident.ClassificationComment,
                Owner = new IncidentOwnerProperties(
                    incident.Owner?.ObjectId?.ToString("D"), incident.Owner?.Email, incident.Owner?.AssignedTo, incident.Owner?.UserPrincipalName,
                    incident.Owner is null ? null : incident.Owner.Kind.ToString()),
                Labels = [.. incident.Labels.Select(l => new IncidentLabelProperties(l.Name, l.IsAutomatic ? "AutoAssigned" : "User"))],
                FirstActivityTimeUtc = incident.FirstActivity,
                LastActivityTimeUtc = incident.LastActivity,
                CreatedTimeUtc = incident.Created,
                LastModifiedTimeUtc = incident.LastModified,
                IncidentNumber = incident.Number,
                IncidentUrl = $"/incidents/{incident.Number}",
                ProviderName = incident.ProviderName,
                ProviderIncidentId = incident.Number.ToString(CultureInfo.InvariantCulture),
                RelatedAnalyticRuleIds = [.. incident.RuleIds.Select(r => InsightsPath.Id(home, $"alertRules/{r:D}"))],
                AdditionalData = new IncidentAdditionalProperties
                {
                    AlertsCount = incident.AlertIds.Count,
                    BookmarksCount = incident.BookmarkIds.Count,
                    CommentsCount = incident.CommentCount,
                    AlertProductNames = incident.ProductNames,
                    Tactics = incident.Tactics,
                    Techniques = incident.Techniques,
                    TasksCount = incident.TaskCount,
                    CompletedTasksCount = incident.CompletedTaskCount,
                    ClosedTimeUtc = incident.Closed,
                },
            },
        };
    }

    public static ArmResource<SecurityAlertProperties> Shape(Alert alert, Home home) => new()
    {
        Id = InsightsPath.Id(home, $"Entities/{alert.Id:D}"),
        Name = alert.Id.ToString("D"),
        Type = "Microsoft.SecurityInsights/Entities",
        Kind = "SecurityAlert",
        Properties = new SecurityAlertProperties
        {
            SystemAlertId = alert.Id.ToString("D"),
            AlertDisplayName = alert.Name,
            Description = alert.Description,
            Severity = alert.Severity.ToString(),
            Status = "New",
            AlertType = $"{home.WorkspaceId:D}_{alert.RuleId:D}",
            ProductName = alert.ProductName,
            VendorName = "Bartizan",
            ProviderName = alert.ProviderName,
            Tactics = alert.Tactics,
            Techniques = alert.Techniques,
            StartTimeUtc = alert.StartTime,
            EndTimeUtc = alert.EndTime,
            TimeGenerated = alert.TimeGenerated,
            CompromisedEntity = AlertRow.Compromised(alert.Entities),
            FriendlyName = alert.Name,
            RuleId = InsightsPath.Id(home, $"alertRules/{alert.RuleId:D}"),
            RuleName = alert.RuleName,
            Query = alert.Query.Text,
            QueryStartTimeUtc = alert.Query.Start,
            QueryEndTimeUtc = alert.Query.End,
            EventCount = alert.Query.Rows,
            CustomDetails = alert.CustomDetails.Count == 0 ? null : alert.CustomDetails,
            AdditionalData = JsonSerializer.SerializeToElement(AlertRow.Extended(alert), BartizanClient.Json),
        },
    };

    public static AlertEvidenceProperties Shape(AlertEvidence evidence)
    {
        using var rows = JsonDocument.Parse(evidence.Rows);
        return new AlertEvidenceProperties(
            [.. evidence.Columns.Select(c => new WireEvidenceColumn(c.Name, c.Type))],
            [.. rows.RootElement.EnumerateArray().Select(r => (IReadOnlyList<JsonElement>)[.. r.EnumerateArray().Select(c => c.Clone())])],
            evidence.TotalRows, evidence.FrozenRows < evidence.TotalRows, evidence.Query, evidence.Start, evidence.End, evidence.Engine, evidence.Hash);
    }

    /// <summary>Fields in the API's spelling: the first letters small, and the account's and host's own names.</summary>
    public static EntityDocument Shape(Entity entity, Guid id, Home home)
    {
        var properties = entity.Fields.ToDictionary(f => RestField(entity.Kind, f.Key), f => f.Value, StringComparer.Ordinal);
        properties["friendlyName"] = entity.FriendlyName;
        return new EntityDocument(
            InsightsPath.Id(home, $"Entities/{id:D}"), id.ToString("D"), "Microsoft.SecurityInsights/Entities", EntityVocabulary.RestName(entity.Kind),
            JsonSerializer.SerializeToElement(properties, BartizanClient.Json));
    }

    public static ArmResource<CommentProperties> Shape(Record<IncidentComment> record, Home home)
    {
        var comment = record.Value;
        return new ArmResource<CommentProperties>
        {
            Id = InsightsPath.Id(home, $"Incidents/{comment.IncidentId:D}/comments/{comment.Id:D}"),
            Name = comment.Id.ToString("D"),
            Type = "Microsoft.SecurityInsights/Incidents/Comments",
            Etag = $"\"{record.ETag}\"",
            Properties = new CommentProperties(
                comment.Message, comment.Created, comment.LastModified,
                new ClientProperties(comment.Author.Email, comment.Author.Name, comment.Author.ObjectId?.ToString("D"), comment.Author.Email)),
        };
    }

    public static ActivityEntry Shape(IncidentActivity activity) => new(
        activity.At, activity.Actor.Name, activity.Action, activity.Note, [.. activity.Changes.Select(c => new FieldChangeEntry(c.Field, c.From, c.To))]);

    private static string RestField(EntityKind kind, string field) => (kind, field) switch
    {
        (EntityKind.Account, "Name") => "accountName",
        (EntityKind.Account, "NTDomain") or (EntityKind.Host, "NTDomain") => "ntDomain",
        (EntityKind.Account, "UPNSuffix") => "upnSuffix",
        (EntityKind.Account, "PUID") => "puid",
        (EntityKind.Host, "AzureID") => "azureID",
        (EntityKind.Host, "OMSAgentID") => "omsAgentID",
        (EntityKind.File, "Name") => "fileName",
        (EntityKind.FileHash, "Value") => "hashValue",
        (EntityKind.Malware, "Name") => "malwareName",
        (EntityKind.CloudApplication, "Name") => "appName",
        (EntityKind.RegistryValue, "Name") => "valueName",
        (EntityKind.RegistryValue, "Value") => "valueData",
        _ => char.ToLowerInvariant(field[0]) + field[1..],
    };
}
