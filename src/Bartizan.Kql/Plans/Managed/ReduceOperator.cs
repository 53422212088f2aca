using System.Text;
using Bartizan.Kql.Functions;

namespace Bartizan.Kql.Plans.Managed;

/// <summary>
/// reduce: texts that are alike fall together under a pattern in which <c>*</c> stands for what differs; the original does not say how it finds
/// its patterns. Here texts are cut into terms; a text joins the pattern with as many terms that shares the largest part of them, if that part
/// is at least the threshold, else it starts one. What stays alone is counted under <c>others</c>.
/// </summary>
internal sealed class ReduceOperator(int by, KqlValue? threshold, KqlValue? characters, bool keepsSource) : ManagedOperator
{
    /// <summary>Patterns that a text is compared with; later ones of the same length fall under <c>others</c>.</summary>
    private const int MaxPatterns = 500;

    private readonly double least = Math.Clamp(threshold is { IsNull: false } given ? given.AsReal : 0.1, double.Epsilon, 1);
    private readonly string toggled = characters is { IsNull: false } some ? Conversion.ToText(some) : "";

    public override string Name => "reduce";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        var rows = new List<KqlValue[]>();
        var texts = new Dictionary<string, int>(StringComparer.Ordinal);
        var order = new List<string>();
        foreach (var row in inputs[0])
        {
            var text = row[by].AsText;
            if (!texts.TryGetValue(text, out var count))
            {
                order.Add(text);
            }

            texts[text] = count + 1;
            if (keepsSource)
            {
                rows.Add(row);
            }

            if (texts.Count + rows.Count > context.MaxHeldRows)
            {
                throw new QueryLimitException("reduce has more texts than it may keep.");
            }
        }

        var (found, of) = Patterns(order, texts, context);
        var others = found.Where(p => p.Count == 1).ToHashSet();
        foreach (var text in order.Where(t => of.GetValueOrDefault(t) is null))
        {
            of[text] = null;
        }

        if (keepsSource)
        {
            foreach (var row in rows)
            {
                var pattern = of[row[by].AsText];
                yield return [.. row[..by], .. pattern is null || others.Contains(pattern) ? Others(null) : [KqlValue.Text(pattern.Text), KqlValue.Long(pattern.Count), KqlValue.Text(pattern.Representative)]];
            }

            yield break;
        }

        foreach (var pattern in found.Where(p => !others.Contains(p)).OrderByDescending(p => p.Count))
        {
            yield return [KqlValue.Text(pattern.Text), KqlValue.Long(pattern.Count), KqlValue.Text(pattern.Representative)];
        }

        var left = order.Where(t => of[t] is not { } p || others.Contains(p)).Sum(t => (long)texts[t]);
        if (left > 0)
        {
            yield return Others(left);
        }
    }

    private static KqlValue[] Others(long? count) => [KqlValue.Text("others"), KqlValue.Long(count), KqlValue.Text("")];

    private (List<Pattern> Found, Dictionary<string, Pattern?> Of) Patterns(List<string> order, Dictionary<string, int> texts, OperatorContext context)
    {
        var found = new List<Pattern>();
        var byLength = new Dictionary<int, List<Pattern>>();
        var of = new Dictionary<string, Pattern?>(StringComparer.Ordinal);
        foreach (var text in order)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var terms = Terms(text);
            if (!byLength.TryGetValue(terms.Count, out var alike))
            {
                byLength[terms.Count] = alike = [];
            }

            var (best, shared) = ((Pattern?)null, 0.0);
            foreach (var pattern in alike)
            {
                if (pattern.Shared(terms) is var part && part > shared)
                {
                    (best, shared) = (pattern, part);
                }
            }

            if (best is null || shared < least)
            {
                if (alike.Count >= MaxPatterns)
                {
                    continue;
                }

                best = new Pattern(text, terms);
                alike.Add(best);
                found.Add(best);
            }

            best.Add(terms, texts[text]);
            of[text] = best;
        }

        return (found, of);
    }

    /// <summary>Letters and digits hold together; the given characters do the opposite of what they would do.</summary>
    private List<(int Start, string Text)> Terms(string text)
    {
        var terms = new List<(int, string)>();
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && IsOfTerm(text[i]))
            {
                i++;
            }

            if (i > start)
            {
                terms.Add((start, text[start..i]));
            }
            else
            {
                i++;
            }
        }

        return terms;
    }

    private bool IsOfTerm(char c) => char.IsLetterOrDigit(c) != toggled.Contains(c, StringComparison.Ordinal);

    private sealed class Pattern(string representative, List<(int Start, string Text)> terms)
    {
        private readonly bool[] differs = new bool[terms.Count];

        public string Representative => representative;

        public long Count { get; private set; }

        public double Shared(List<(int Start, string Text)> other)
        {
            if (terms.Count == 0)
            {
                return 0;
            }

            var same = 0;
            for (var i = 0; i < terms.Count; i++)
            {
                same += !differs[i] && terms[i].Text == other[i].Text ? 1 : 0;
            }

            return (double)same / terms.Count;
        }

        public void Add(List<(int Start, string Text)> other, int count)
        {
            for (var i = 0; i < terms.Count; i++)
            {
                differs[i] |= terms[i].Text != other[i].Text;
            }

            Count += count;
        }

        /// <summary>The representative with one star for each run of terms that differ; a letter or digit that only cuts goes with them.</summary>
        public string Text
        {
            get
            {
                var text = new StringBuilder();
                var at = 0;
                for (var i = 0; i < terms.Count; i++)
                {
                    if (!differs[i])
                    {
                        continue;
                    }

                    var last = i;
                    while (last + 1 < terms.Count && differs[last + 1])
                    {
                        last++;
                    }

                    // What stands between this run and the term before it, without letters and digits at its end.
                    var end = terms[i].Start;
                    var before = i == 0 ? 0 : terms[i - 1].Start + terms[i - 1].Text.Length;
                    while (end > before && char.IsLetterOrDigit(representative[end - 1]))
                    {
                        end--;
                    }

                    _ = text.Append(representative[at..end]);
                    _ = text.Append('*');
                    at = terms[last].Start + terms[last].Text.Length;
                    i = last;
                }

                return text.Append(representative[at..]).ToString();
            }
        }
    }
}
