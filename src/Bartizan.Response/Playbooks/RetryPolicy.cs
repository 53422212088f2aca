using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks.Expressions;
using static Bartizan.Response.Playbooks.Expressions.ExpressionEvaluation;

namespace Bartizan.Response.Playbooks;

/// <summary>
/// How often an HTTP action is tried again, and after how long: the language's none, fixed and exponential. Without a policy four times, from 7.5
/// seconds on, each pause between 5 and 45 seconds. Pauses double without a random part, so that a run can be foretold.
/// </summary>
internal sealed record RetryPolicy(int Count, TimeSpan Interval, TimeSpan Least, TimeSpan Most, bool IsExponential)
{
    private const int MaxCount = 90;
    private static readonly TimeSpan longest = TimeSpan.FromDays(1);
    private static readonly RetryPolicy standard = new(4, TimeSpan.FromSeconds(7.5), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(45), true);

    public static RetryPolicy Read(JsonNode? policy)
    {
        if (policy is not JsonObject given)
        {
            return standard;
        }

        var type = Text(given["type"]).ToLowerInvariant();
        if (type is not ("none" or "fixed" or "exponential"))
        {
            throw new ExpressionException($"'{type}' is no type of retry policy; there are none, fixed and exponential.");
        }

        if (type == "none")
        {
            return standard with { Count = 0 };
        }

        var count = given["count"] is { } c ? Number(c) : 4;
        var interval = Duration(given["interval"]) ?? throw new ExpressionException("A retry policy needs an interval, such as PT10S.");
        return count is < 1 or > MaxCount || !decimal.IsInteger(count)
            ? throw new ExpressionException($"A retry policy tries 1 to {MaxCount} times.")
            : new RetryPolicy((int)count, interval, Duration(given["minimumInterval"]) ?? TimeSpan.Zero, Duration(given["maximumInterval"]) ?? longest, type == "exponential");
    }

    /// <summary>Whether the same request may do better later: no answer, or one that says so (408, 429, 5xx).</summary>
    public static bool IsPassing(Outcome<JsonObject> answer) => answer.TryGetValue(out var received, out var problem)
        ? (int)Number(received["statusCode"]) is 408 or 429 or >= 500
        : problem.Kind is ProblemKind.Unavailable or ProblemKind.LimitReached;

    /// <summary>The pause before a further attempt; longer where the answer asks for it.</summary>
    public TimeSpan Pause(int attempt, Outcome<JsonObject> answer)
    {
        var pause = IsExponential ? Interval.Ticks * Math.Pow(2, attempt) : Interval.Ticks;
        pause = Math.Clamp(pause, Least.Ticks, Math.Max(Least.Ticks, Most.Ticks));
        var asked = answer.TryGetValue(out var received, out _)
            && (received["headers"] as JsonObject)?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value is { } after
            && int.TryParse(Text(after), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(Math.Min(seconds, 3_600)).Ticks
                : 0;
        return TimeSpan.FromTicks((long)Math.Max(pause, asked));
    }

    private static TimeSpan? Duration(JsonNode? node)
    {
        if (node is null)
        {
            return null;
        }

        try
        {
            return XmlConvert.ToTimeSpan(Text(node)) is var span && span >= TimeSpan.Zero && span <= longest ? span : throw new ExpressionException($"The interval '{Text(node)}' is longer than a day.");
        }
        catch (FormatException)
        {
            throw new ExpressionException($"'{Text(node)}' is not a duration such as PT10S.");
        }
    }
}
