using System.Globalization;
using System.Text.Json.Nodes;
using Bartizan.Content.Documents;

namespace Bartizan.Content.Rules;

/// <summary>
/// The fixtures of a rule. An event may carry <c>$repeat</c> and <c>$every</c>: it then stands for that many events, one step
/// apart, with <c>{n}</c> in its texts counted from 1. An event without <c>TimeGenerated</c> lies ten minutes before the run.
/// </summary>
internal sealed class RuleTestReader(SourceReading reading)
{
    private const int MaxRepeat = 10_000;

    private static readonly DateTimeOffset usualMoment = new(2026, 1, 14, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan usualAge = TimeSpan.FromMinutes(10);

    public IReadOnlyList<RuleTest> Read(SourceMap map)
    {
        var tests = new List<RuleTest>();
        foreach (var item in reading.Maps(map, "tests"))
        {
            var at = usualMoment;
            if (reading.Text(item, "at") is { } text
                && !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at))
            {
                reading.Error("BR040", item["at"]!.Span, $"'at' must be a moment such as 2026-01-14T12:00:00Z, found '{text}'.");
            }

            var events = new Dictionary<string, IReadOnlyList<string>>();
            foreach (var table in reading.Map(item, "events")?.Entries ?? [])
            {
                events[table.Key] = [.. Events(table, at)];
            }

            tests.Add(new RuleTest(
                reading.RequiredText(item, "name") ?? "", reading.Boolean(item, "fires") ?? true, reading.Integer(item, "alerts"), at, events));
        }

        return tests;
    }

    private IEnumerable<string> Events(SourceEntry table, DateTimeOffset at)
    {
        if (table.Value is not SourceList list)
        {
            reading.Error("BR041", table.Value.Span, $"'{table.Key}' must list events, found {table.Value.Kind}.");
            yield break;
        }

        foreach (var node in list.Items)
        {
            if (node is not SourceMap map)
            {
                reading.Error("BR041", node.Span, $"An event must be a mapping of columns to values, found {node.Kind}.");
                continue;
            }

            var repeat = Math.Clamp(reading.Integer(map, "$repeat") ?? 1, 1, MaxRepeat);
            var every = reading.Duration(map, "$every") ?? TimeSpan.Zero;
            var first = reading.Text(map, "TimeGenerated") is { } text
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : at - usualAge;
            for (var n = 1; n <= repeat; n++)
            {
                var entry = (JsonObject)SourceJson.ToNode(map, t => repeat == 1 ? t : t.Replace("{n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))!;
                entry.Remove("$repeat");
                entry.Remove("$every");
                entry["TimeGenerated"] = (first + ((n - 1) * every)).UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
                yield return entry.ToJsonString();
            }
        }
    }
}
