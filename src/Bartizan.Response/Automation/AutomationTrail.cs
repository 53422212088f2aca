namespace Bartizan.Response.Automation;

/// <summary>How far automation has come with one incident, so that no change sets a rule off twice, whatever happens in between.</summary>
public sealed record AutomationTrail
{
    public required Guid IncidentId { get; init; }

    /// <summary>The latest log entries that were looked at: those that could still be mistaken for new.</summary>
    public IReadOnlyList<HandledEntry> Handled { get; init; } = [];

    /// <summary>When the latest of them was written.</summary>
    public DateTimeOffset Through { get; init; }

    /// <summary>For log entries that rules wrote and that are still to be looked at: the rules whose acts led to them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Guid>> Chains { get; init; } = new Dictionary<string, IReadOnlyList<Guid>>();

    /// <summary>The trail with one more entry looked at, and the entries that came of it.</summary>
    internal AutomationTrail With(string entry, DateTimeOffset at, TimeSpan slack, IEnumerable<KeyValuePair<string, IReadOnlyList<Guid>>> caused)
    {
        var through = at > Through ? at : Through;
        return this with
        {
            Handled = [.. Handled.Where(h => h.At >= through - slack), new HandledEntry(entry, at)],
            Through = through,
            Chains = Chains.Where(c => c.Key != entry).Concat(caused).ToDictionary(),
        };
    }
}

/// <summary>A log entry that was looked at.</summary>
public sealed record HandledEntry(string Entry, DateTimeOffset At);

/// <summary>Up to which alert, by its sequence, rules have acted.</summary>
public sealed record AlertPosition(long Sequence);

/// <summary>Up to when all changes of incidents were looked at; read once, when the server starts.</summary>
public sealed record AutomationPosition(DateTimeOffset Through);
