using Bartizan.Policy.Definitions;
using Bartizan.Policy.Expressions;

namespace Bartizan.Policy.Conditions;

/// <summary>Conditions and what joins them, as closures. Each notes what it did when an evaluation keeps evidence.</summary>
internal sealed class ConstraintCompiler(CompileScope scope)
{
    public Func<Frame, bool> Compile(ConstraintSyntax constraint) => constraint switch
    {
        AllOfSyntax all => CompileJoined(all, "allOf", all.Constraints, stopAt: false),
        AnyOfSyntax any => CompileJoined(any, "anyOf", any.Constraints, stopAt: true),
        NotSyntax not => CompileNot(not),
        ConditionSyntax condition => new ConditionCompiler(scope, this).Compile(condition),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static void NoteSkipped(EvidenceLog log, IEnumerable<(string Path, Lazy<string> Text)> skipped)
    {
        foreach (var (path, text) in skipped)
        {
            log.Add(new ClauseEvidence(path, text.Value, null));
        }
    }

    private Func<Frame, bool> CompileNot(NotSyntax not)
    {
        var inner = Compile(not.Constraint);
        return f =>
        {
            if (f.Evidence is not { } log)
            {
                return !inner(f);
            }

            log.Begin();
            var holds = !inner(f);
            log.End(new ClauseEvidence(not.Path, "not", holds));
            return holds;
        };
    }

    private Func<Frame, bool> CompileJoined(ConstraintSyntax syntax, string word, IReadOnlyList<ConstraintSyntax> constraints, bool stopAt)
    {
        var tests = constraints.Select(Compile).ToArray();
        var texts = constraints.Select(c => (c.Path, ClauseText.Later(c))).ToArray();
        return f =>
        {
            if (f.Evidence is { } log)
            {
                return RunWithEvidence(f, log);
            }

            foreach (var test in tests)
            {
                if (test(f) == stopAt)
                {
                    return stopAt;
                }
            }

            return !stopAt;
        };

        bool RunWithEvidence(Frame f, EvidenceLog log)
        {
            log.Begin();
            var holds = !stopAt;
            for (var i = 0; i < tests.Length; i++)
            {
                if (tests[i](f) == stopAt)
                {
                    holds = stopAt;
                    NoteSkipped(log, texts.Skip(i + 1));
                    break;
                }
            }

            log.End(new ClauseEvidence(syntax.Path, word, holds));
            return holds;
        }
    }
}
