using System.Text;

namespace Bartizan.Kql.Functions.Parsing;

/// <summary>Parts a command line as CommandLineToArgvW does.</summary>
internal static class CommandLine
{
    public static List<string> Arguments(string line)
    {
        var arguments = new List<string>();
        var at = 0;
        // The program's name knows quotes but no backslashes.
        arguments.Add(Program(line, ref at));
        while (true)
        {
            while (at < line.Length && line[at] is ' ' or '\t')
            {
                at++;
            }

            if (at >= line.Length)
            {
                return arguments;
            }

            arguments.Add(Argument(line, ref at));
        }
    }

    private static string Program(string line, ref int at)
    {
        if (line[0] == '"')
        {
            var close = line.IndexOf('"', 1);
            at = close < 0 ? line.Length : close + 1;
            return close < 0 ? line[1..] : line[1..close];
        }

        while (at < line.Length && line[at] is not (' ' or '\t'))
        {
            at++;
        }

        return line[..at];
    }

    /// <summary>2n backslashes before a quote are n backslashes and the quote opens or closes; 2n+1 are n and a quote that stands for itself.</summary>
    private static string Argument(string line, ref int at)
    {
        var text = new StringBuilder();
        var quoted = false;
        for (; at < line.Length && (quoted || line[at] is not (' ' or '\t')); at++)
        {
            var slashes = 0;
            while (at < line.Length && line[at] == '\\')
            {
                slashes++;
                at++;
            }

            if (at >= line.Length || line[at] != '"')
            {
                text.Append('\\', slashes);
                if (slashes > 0)
                {
                    at--;
                }
                else
                {
                    text.Append(line[at]);
                }

                continue;
            }

            text.Append('\\', slashes / 2);
            if (slashes % 2 == 1)
            {
                text.Append('"');
            }
            else if (quoted && at + 1 < line.Length && line[at + 1] == '"')
            {
                text.Append('"');
                at++;
            }
            else
            {
                quoted = !quoted;
            }
        }

        return text.ToString();
    }
}
