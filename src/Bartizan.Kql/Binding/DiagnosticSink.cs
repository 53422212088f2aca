using Bartizan.Foundation.Outcomes;

namespace Bartizan.Kql.Binding;

/// <summary>Collects what is wrong; one error for one place, and not without end.</summary>
internal sealed class DiagnosticSink
{
    private const int Most = 100;
    private readonly HashSet<(int Start, int Length)> places = [];

    public List<Diagnostic> All { get; } = [];

    public int ErrorCount { get; private set; }

    public void Add(Diagnostic diagnostic)
    {
        if (diagnostic.Severity == DiagnosticSeverity.Error)
        {
            ErrorCount++;
        }

        if (All.Count < Most && places.Add((diagnostic.Span.Start, diagnostic.Span.Length)))
        {
            All.Add(diagnostic);
        }
    }
}
