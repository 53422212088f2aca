using System.Collections.Frozen;

namespace Bartizan.Content.Rules;

/// <summary>The tactics of MITRE ATT&amp;CK in the API's spelling and in the order of the matrix, and their other spellings.</summary>
public static class AttackTactics
{
    private static readonly (string Name, string Id)[] matrix =
    [
        ("Reconnaissance", "TA0043"), ("ResourceDevelopment", "TA0042"), ("InitialAccess", "TA0001"), ("Execution", "TA0002"),
        ("Persistence", "TA0003"), ("PrivilegeEscalation", "TA0004"), ("DefenseEvasion", "TA0005"), ("CredentialAccess", "TA0006"),
        ("Discovery", "TA0007"), ("LateralMovement", "TA0008"), ("Collection", "TA0009"), ("CommandAndControl", "TA0011"),
        ("Exfiltration", "TA0010"), ("Impact", "TA0040"), ("PreAttack", ""), ("ImpairProcessControl", "TA0106"),
        ("InhibitResponseFunction", "TA0107"),
    ];

    private static readonly FrozenDictionary<string, string> spellings = matrix
        .SelectMany(t => new[] { (t.Name, t.Name), (t.Id, t.Name) })
        .Concat([("Probing", "Reconnaissance"), ("Exploitation", "InitialAccess"), ("DefenceEvasion", "DefenseEvasion")])
        .Where(s => s.Item1.Length > 0)
        .ToFrozenDictionary(s => s.Item1, s => s.Item2, StringComparer.OrdinalIgnoreCase);

    /// <summary>Names in matrix order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. matrix.Select(t => t.Name)];

    /// <summary>The API's spelling of a tactic written with blanks, underscores, other casing or as an id; null for no tactic.</summary>
    public static string? Normalize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var plain = string.Concat(text.Where(char.IsAsciiLetterOrDigit));
        return spellings.GetValueOrDefault(plain);
    }

    public static string? IdOf(string name) => matrix.FirstOrDefault(t => t.Name == name).Id;

    /// <summary>Position in the matrix; unknown ones last.</summary>
    public static int OrderOf(string name)
    {
        var index = Array.FindIndex(matrix, t => t.Name == name);
        return index < 0 ? matrix.Length : index;
    }

    /// <summary>Whether the text is a technique id such as <c>T1059</c> or <c>T1059.001</c>.</summary>
    public static bool IsTechnique(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is 5 or 9 && text[0] == 'T' && text.AsSpan(1, 4).IndexOfAnyExceptInRange('0', '9') < 0
            && (text.Length == 5 || (text[5] == '.' && text.AsSpan(6).IndexOfAnyExceptInRange('0', '9') < 0));
    }
}
