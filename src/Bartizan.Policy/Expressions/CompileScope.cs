using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Expressions;

/// <summary>
/// What the compiler knows while it walks a definition: parameter values, aliases, the counts around the place it is at, and the
/// refusals so far.
/// </summary>
internal sealed class CompileScope(AliasTable aliases, Func<string, PolicyValue> parameter)
{
    private readonly Dictionary<string, (FieldReference Field, TextSpan At)> fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, TextSpan> askedParameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<CountScope> counts = [];

    public AliasTable Aliases { get; } = aliases;

    /// <summary>Whether a call with too few arguments has no value instead of being refused: so for an expression asked by itself.</summary>
    public bool MayLackArguments { get; init; }

    /// <summary>Functions that only this expression has; asked before those of the language.</summary>
    public IReadOnlyDictionary<string, Func<IReadOnlyList<PolicyValue>, PolicyValue>>? Outside { get; init; }

    public List<Diagnostic> Refusals { get; } = [];

    public List<Diagnostic> Notes { get; } = [];

    /// <summary>How many elements an evaluation keeps at once.</summary>
    public int SlotCount { get; private set; }

    /// <summary>The parameters that the definition reads, with the first place where it does.</summary>
    public IReadOnlyDictionary<string, TextSpan> AskedParameters => askedParameters;

    public IEnumerable<(FieldReference Field, TextSpan At)> AskedFields => fields.Values;

    /// <param name="at">Where the definition asks; remarks point at the first such place.</param>
    public PolicyValue Parameter(string name, TextSpan at)
    {
        askedParameters.TryAdd(name, at);
        return parameter(name);
    }

    public FieldReference Field(string name, TextSpan at)
    {
        if (!fields.TryGetValue(name, out var field))
        {
            field = (FieldReference.Resolve(name, Aliases), at);
            fields.Add(name, field);
        }

        return field.Field;
    }

    public void Refuse(TextSpan span, string message, string code = "InvalidPolicyRule", string? hint = null) =>
        Refusals.Add(Diagnostic.Error(code, span, message, hint));

    /// <summary>A remark that refuses nothing.</summary>
    public void Note(TextSpan span, string message) => Notes.Add(Diagnostic.Warning("PolicyRemark", span, message));

    public int TakeSlot() => SlotCount++;

    public void Enter(CountScope count) => counts.Add(count);

    public void Leave() => counts.RemoveAt(counts.Count - 1);

    /// <summary>The innermost count, for <c>current()</c>.</summary>
    public CountScope? InnermostCount => counts.Count == 0 ? null : counts[^1];

    public CountScope? CountNamed(string name) => counts.FindLast(c => c.Name is not null && c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The element that a count around this place is at for <paramref name="field"/>: of the innermost count that walks an array of
    /// the field's name, the deepest such array, with at most <paramref name="most"/> wildcards.
    /// </summary>
    public CountLevel? Bound(string field, int most)
    {
        for (var i = counts.Count - 1; i >= 0; i--)
        {
            var level = counts[i].Levels.LastOrDefault(l => l.Wildcards <= most && l.Covers(field));
            if (level is not null)
            {
                return level;
            }
        }

        return null;
    }
}

/// <summary>A count whose <c>where</c> is being compiled.</summary>
/// <param name="Name">The name of a count over a value, or null.</param>
/// <param name="Slot">Where an evaluation keeps the element it is at.</param>
internal sealed record CountScope(string? Name, int Slot, IReadOnlyList<CountLevel> Levels);

/// <summary>One array that a count over a field walks.</summary>
/// <param name="Prefix">The field's name up to and with the array's <c>[*]</c>.</param>
internal sealed record CountLevel(string Prefix, int Wildcards, int Slot)
{
    public bool Covers(string field) =>
        field.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && (field.Length == Prefix.Length || field[Prefix.Length] is '.' or '[');
}
