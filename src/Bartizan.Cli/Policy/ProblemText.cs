using Bartizan.Foundation.Outcomes;

namespace Bartizan.Cli.Policy;

/// <summary>Problems and diagnostics as a compiler prints them: <c>file(line,column): error code: message</c>.</summary>
internal static class ProblemText
{
    /// <summary>The problem with its diagnostics' places spelt out in the message.</summary>
    public static Problem Locate(Problem problem, string file, string text) => problem.Diagnostics.Count == 0
        ? problem with { Message = $"{file}: {problem.Message}" }
        : problem with { Message = string.Join(Environment.NewLine, problem.Diagnostics.Select(d => Place(d, file, text))) };

    public static FileDiagnostic Place(Diagnostic diagnostic, string file, string text)
    {
        var at = Math.Clamp(diagnostic.Span.Start, 0, text.Length);
        var line = text.AsSpan(0, at).Count('\n') + 1;
        var start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        return new FileDiagnostic(file, line, at - start + 1, diagnostic);
    }

    public static void Write(TextWriter writer, Problem problem) =>
        writer.WriteLine(problem.Diagnostics.Count > 0 ? problem.Message : $"{problem.Code}: {problem.Message}");
}
