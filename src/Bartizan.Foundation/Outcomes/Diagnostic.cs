namespace Bartizan.Foundation.Outcomes;

/// <summary>How bad a <see cref="Diagnostic"/> is; only an error stops what was asked.</summary>
public enum DiagnosticSeverity
{
    Hint,
    Warning,
    Error,
}

/// <summary>
/// What is wrong with a text that a user wrote, and where. Diagnostics are collected, never thrown.
/// </summary>
/// <param name="Code">Stable code, the original's where one exists ("KS204" for Kusto).</param>
/// <param name="Message">One plain sentence.</param>
/// <param name="Hint">How to mend it, or null.</param>
public sealed record Diagnostic(
    DiagnosticSeverity Severity, string Code, string Message, TextSpan Span, string? Hint = null)
{
    public static Diagnostic Error(string code, TextSpan span, string message, string? hint = null) =>
        new(DiagnosticSeverity.Error, code, message, span, hint);

    public static Diagnostic Warning(string code, TextSpan span, string message, string? hint = null) =>
        new(DiagnosticSeverity.Warning, code, message, span, hint);
}
