using System.Text.RegularExpressions;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Keeps secrets out of what is written: values that a file calls secret, fields named like one, and texts that look like one.</summary>
internal sealed partial class SecretText(IReadOnlyCollection<string> known)
{
    private const string Redacted = "[redacted]";
    private const int Longest = 160;
    private const int ShortestKnown = 4;

    /// <summary>What is shown is short; what comes after this is not looked at, nor written.</summary>
    private const int MaxRead = 20_000;

    /// <summary>A value that a clause read or compared with, as text for people.</summary>
    public string Show(string clause, PolicyValue? value)
    {
        if (value is null || value.IsUndefined || value.IsNull)
        {
            return "absent";
        }

        if (value.ToScalarText() is not null and not ("true" or "false") && Names().IsMatch(clause))
        {
            return Redacted;
        }

        var text = Redact(value.AsText is { } plain ? $"'{plain}'" : PolicyJson.Write(value));
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }

    public string Redact(string text)
    {
        text = text.Length <= MaxRead ? text : text[..MaxRead];
        foreach (var secret in known.Where(s => s.Length >= ShortestKnown))
        {
            text = text.Replace(secret, Redacted, StringComparison.Ordinal);
        }

        text = Members().Replace(text, m => $"{m.Groups[1].Value}\"{Redacted}\"");
        return Shapes().Replace(text, Redacted);
    }

    [GeneratedRegex("passw(or)?d|secret|token|credential|connectionstring|(access|account|api|private|shared|master)_?key", RegexOptions.IgnoreCase)]
    private static partial Regex Names();

    /// <summary>A member of JSON whose name says that it is secret.</summary>
    [GeneratedRegex("""("[^"]*(?:passw(?:or)?d|secret|token|credential|connectionstring|(?:access|account|api|private|shared)_?key)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"?""", RegexOptions.IgnoreCase)]
    private static partial Regex Members();

    /// <summary>Keys of clouds, signed tokens, signatures in addresses, private keys.</summary>
    [GeneratedRegex("""\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|-----BEGIN [A-Z ]*PRIVATE KEY-----[^"']*|(?<=[?&;]sig=)[^&;"'\s]+|(?<=(?:AccountKey|SharedAccessKey|Password|Pwd)=)[^;"'\s]+|\bgh[pousr]_\w{30,}|(?<=//[^/\s:@]{1,100}:)[^/\s@]+(?=@)""", RegexOptions.IgnoreCase)]
    private static partial Regex Shapes();
}
