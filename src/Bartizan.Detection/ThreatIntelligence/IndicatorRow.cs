using System.Globalization;
using System.Text.Json;
using Bartizan.Detection.Rows;

namespace Bartizan.Detection.ThreatIntelligence;

/// <summary>Indicators as rows of both tables of threat intelligence, one row for each value.</summary>
internal static class IndicatorRow
{
    public static IEnumerable<string> Current(Indicator indicator, bool isDeleted, DateTimeOffset now) => Observed(indicator).Select(o => RowText.Write(json =>
    {
        json.Time("TimeGenerated", now);
        json.WriteString("Id", indicator.Id.ToString("D"));
        json.WriteString("ObservableKey", o.Key);
        json.WriteString("ObservableValue", o.Value);
        json.WriteString("Pattern", indicator.Pattern);
        json.WriteNumber("Confidence", indicator.Confidence ?? 0);
        json.Time("Created", indicator.Created);
        json.Time("Modified", indicator.Modified);
        json.Time("ValidFrom", indicator.ValidFrom);
        json.Time("ValidUntil", indicator.ValidUntil);
        json.WriteBoolean("Revoked", indicator.IsRevoked);
        json.WriteBoolean("IsActive", !isDeleted && IsToBeMatched(indicator, now));
        json.WriteBoolean("IsDeleted", isDeleted);
        json.WriteString("SourceSystem", indicator.Source);
        json.WriteString("Tags", string.Join(",", indicator.Labels));
        json.WriteStartObject("Data");
        json.WriteString("id", indicator.ExternalId);
        json.WriteString("type", "indicator");
        json.WriteString("name", indicator.DisplayName);
        json.WriteString("description", indicator.Description);
        json.WriteString("pattern", indicator.Pattern);
        json.WriteString("pattern_type", indicator.PatternType);
        json.Texts("indicator_types", indicator.ThreatTypes);
        json.Texts("labels", indicator.Labels);
        json.WriteEndObject();
    }));

    public static IEnumerable<string> Older(Indicator indicator, bool isDeleted, DateTimeOffset now) => Observed(indicator).Select(o => RowText.Write(json =>
    {
        json.Time("TimeGenerated", now);
        json.WriteString("Action", "alert");
        json.WriteBoolean("Active", !isDeleted && IsToBeMatched(indicator, now));
        json.WriteString("IndicatorId", indicator.Id.ToString("D"));
        json.WriteString("ExternalIndicatorId", indicator.ExternalId);
        json.WriteString("IndicatorProvider", indicator.Source);
        json.WriteString("SourceSystem", indicator.Source);
        json.WriteString("Description", indicator.Description.Length > 0 ? indicator.Description : indicator.DisplayName);
        json.WriteNumber("ConfidenceScore", indicator.Confidence ?? 0);
        json.Time("ExpirationDateTime", indicator.ValidUntil ?? DateTimeOffset.MaxValue.AddYears(-7_000));
        json.WriteString("ThreatType", indicator.ThreatTypes.Count > 0 ? indicator.ThreatTypes[0] : "");
        json.WriteString("Tags", string.Join(",", indicator.Labels));
        Value(json, o);
    }));

    /// <summary>A row is written once: an indicator that begins later counts as active, and ValidFrom says since when.</summary>
    private static bool IsToBeMatched(Indicator indicator, DateTimeOffset now) => indicator.IsActiveAt(indicator.ValidFrom > now ? indicator.ValidFrom : now);

    private static IReadOnlyList<Observable> Observed(Indicator indicator) => indicator.Observables.Count > 0 ? indicator.Observables : [new Observable("", "")];

    private static void Value(Utf8JsonWriter json, Observable o)
    {
        switch (o.Key)
        {
            case "ipv4-addr:value" or "ipv6-addr:value" when o.Value.Contains('/', StringComparison.Ordinal):
                json.WriteString("NetworkCidrBlock", o.Value);
                break;
            case "ipv4-addr:value" or "ipv6-addr:value":
                json.WriteString("NetworkIP", o.Value);
                break;
            case "domain-name:value":
                json.WriteString("DomainName", o.Value);
                break;
            case "url:value":
                json.WriteString("Url", o.Value);
                break;
            case "email-addr:value":
                json.WriteString("EmailSenderAddress", o.Value);
                break;
            case var hash when hash.StartsWith("file:hashes.", StringComparison.Ordinal):
                json.WriteString("FileHashType", hash[12..].Replace("-", "", StringComparison.Ordinal).ToLower(CultureInfo.InvariantCulture));
                json.WriteString("FileHashValue", o.Value);
                break;
            default:
                break;
        }
    }
}
