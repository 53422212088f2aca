using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Entities;

namespace Bartizan.Detection.Alerts;

/// <summary>
/// Ids of the alerts of one run, made of the rule, the moment it looked from, and the row. Running the same window again,
/// after a crash or on demand, names the same alerts and so raises none twice.
/// </summary>
internal sealed class AlertIds(RuleDefinition rule, RuleWindow window)
{
    private readonly Dictionary<string, int> seen = new(StringComparer.Ordinal);

    public Guid Next(RuleRows part)
    {
        var row = rule.EventGrouping == EventGrouping.SingleAlert ? "all"
            : part.Rows.Count == 1 ? string.Join('\u001f', part.Rows[0].Select(RuleRows.TextOf))
            : "rest";
        var occurrence = seen[row] = seen.GetValueOrDefault(row) + 1;
        var text = string.Create(CultureInfo.InvariantCulture, $"alert|{rule.Id:D}|{window.Now.UtcTicks}|{occurrence}|{row}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}
