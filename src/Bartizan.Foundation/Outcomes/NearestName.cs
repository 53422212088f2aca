namespace Bartizan.Foundation.Outcomes;

/// <summary>Finds what a misspelt name probably meant.</summary>
public static class NearestName
{
    private const int LongestCompared = 128;

    /// <summary>The candidate that is fewest edits away, case counting least; null when none is near.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        if (name.Length is 0 or > LongestCompared)
        {
            return null;
        }

        string? best = null;
        var limit = Math.Max(1, name.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }

            if (Math.Abs(candidate.Length - name.Length) < limit && candidate.Length <= LongestCompared && Distance(name, candidate, limit) is var distance && distance < limit)
            {
                best = candidate;
                limit = distance;
            }
        }

        return best;
    }

    private static int Distance(string left, string right, int limit)
    {
        Span<int> above = stackalloc int[right.Length + 1];
        Span<int> row = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            above[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            row[0] = i;
            var least = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                row[j] = Math.Min(Math.Min(row[j - 1], above[j]) + 1, above[j - 1] + (same ? 0 : 1));
                least = Math.Min(least, row[j]);
            }

            if (least >= limit)
            {
                return limit;
            }

            row.CopyTo(above);
        }

        return above[right.Length];
    }
}
