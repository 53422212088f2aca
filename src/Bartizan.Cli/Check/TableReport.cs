using System.Globalization;
using System.Text;

namespace Bartizan.Cli.Check;

/// <summary>Findings for people: worst first, and what was not judged.</summary>
internal static class TableReport
{
    private const int MaxLeftOut = 10;

    public static string Write(CheckResult result)
    {
        var text = new StringBuilder();
        foreach (var finding in result.Failed.OrderByDescending(f => f.IsDenied).ThenByDescending(f => CheckResult.Rank(f.Rule.Severity)).ThenBy(f => f.Resource.File, StringComparer.Ordinal).ThenBy(f => f.Resource.Line))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{(finding.IsDenied ? "DENY" : finding.Rule.Severity),-6} {finding.Resource.File}:{finding.Resource.Line}  {finding.Resource.Address}");
            text.AppendLine(CultureInfo.InvariantCulture, $"       {finding.Rule.Title} [{finding.Rule.Id}]");
            if (finding.Reason.Length > 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"       {finding.Reason}");
            }
        }

        var leftOut = result.LeftOut.ToList();
        foreach (var part in leftOut.Take(MaxLeftOut))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not judged: {part.File}:{part.Line} {part.Address}: {part.Reason}");
        }

        if (leftOut.Count > MaxLeftOut)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"not judged: {leftOut.Count - MaxLeftOut} more; --output json names them");
        }

        var failed = result.Failed.ToList();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Files.Count} files, {result.Files.Sum(f => f.Resources.Count)} resources: {failed.Count(f => f.Rule.Severity == "High")} high, {failed.Count(f => f.Rule.Severity == "Medium")} medium, {failed.Count(f => f.Rule.Severity == "Low")} low; {result.Findings.Count(f => f.State == FindingState.Passed)} passed, {result.Findings.Count(f => f.State == FindingState.Unknown)} not known, {leftOut.Count} not judged");
        return new string([.. text.ToString().Select(c => char.IsControl(c) && c is not ('\n' or '\r') ? '\uFFFD' : c)]);
    }
}
