using System.Text.RegularExpressions;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>What the engine says when it cannot go on, in one sentence that names the file and the remedy.</summary>
internal static partial class DuckDbProblems
{
    public static Problem Opening(string file, Exception e)
    {
        ArgumentNullException.ThrowIfNull(e);
        var text = e.Message;
        if (Has("Conflicting lock") || Has("Could not set lock"))
        {
            var owner = HolderPattern().Match(text) is { Success: true } m ? $" by process {m.Groups[1].Value}" : "";
            return new Problem(
                ProblemKind.Conflict, "DataFolderInUse", $"The events file '{file}' is in use{owner}; stop that server, or choose another folder with --data.", file);
        }

        if (Has("Permission denied") || Has("Read-only file system"))
        {
            return new Problem(
                ProblemKind.Unavailable, "DataFolderNotWritable", $"The events file '{file}' cannot be written; give this user the right, or choose another folder with --data.", file);
        }

        if (IsDiskFull(e))
        {
            return Full(file);
        }

        return new Problem(
            ProblemKind.Unavailable, "DataFolderDamaged", $"The events file '{file}' cannot be read ({FirstLine(text)}); restore it from a backup, or move it away to start with an empty one.", file);

        bool Has(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    public static bool IsDiskFull(Exception e) =>
        e.Message.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)
        || e.Message.Contains("disk is full", StringComparison.OrdinalIgnoreCase)
        || e.Message.Contains("failed to offload data block", StringComparison.OrdinalIgnoreCase);

    public static Problem Full(string file) => new(
        ProblemKind.Unavailable, "DiskFull", $"The disk that holds '{file}' is full: what was acknowledged before is safe, this was not kept. Free space and send it again.", file);

    public static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0].Trim();

    [GeneratedRegex(@"\(PID (\d+)")]
    private static partial Regex HolderPattern();
}
