namespace Bartizan.Server.Auth.Roles;

/// <summary>What a role may do: action patterns, where <c>*</c> stands for any text, as Azure's role definitions have them.</summary>
internal sealed record RoleDefinition(Guid Id, string Name, string Description)
{
    public IReadOnlyList<string> Actions { get; init; } = [];

    public IReadOnlyList<string> NotActions { get; init; } = [];

    public IReadOnlyList<string> DataActions { get; init; } = [];

    public bool Allows(string action) =>
        (Actions.Any(p => Matches(p, action)) && !NotActions.Any(p => Matches(p, action))) || DataActions.Any(p => Matches(p, action));

    /// <summary>Whether an action fits a pattern, without regard to case. Linear in the action for each star.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> action)
    {
        var (p, a, star, mark) = (0, 0, -1, 0);
        while (a < action.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, a);
            }
            else if (p < pattern.Length && char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(action[a]))
            {
                p++;
                a++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                a = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
