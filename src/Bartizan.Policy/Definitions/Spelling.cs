namespace Bartizan.Policy.Definitions;

/// <summary>How far two words are apart, for suggestions.</summary>
internal static class Spelling
{
    private const int MaxLength = 64;

    /// <summary>Letters to change, add or drop, without regard to case.</summary>
    public static int Distance(string left, string right)
    {
        if (left.Length > MaxLength || right.Length > MaxLength)
        {
            return MaxLength;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]);
                var best = Math.Min(corner + (same ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1);
                corner = row[j];
                row[j] = best;
            }
        }

        return row[^1];
    }
}
