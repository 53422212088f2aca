namespace Bartizan.Foundation.Outcomes;

/// <summary>A <see cref="Diagnostic"/> with the file it is about, and line and column counted from one.</summary>
public sealed record FileDiagnostic(string File, int Line, int Column, Diagnostic Diagnostic)
{
    public bool IsError => Diagnostic.Severity == DiagnosticSeverity.Error;

    public override string ToString() =>
        $"{File}({Line},{Column}): {Diagnostic.Severity.ToString().ToLowerInvariant()} {Diagnostic.Code}: {Diagnostic.Message}"
        + (Diagnostic.Hint is null ? "" : $" {Diagnostic.Hint}");
}
