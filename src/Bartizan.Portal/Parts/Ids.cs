using System.Globalization;

namespace Bartizan.Portal.Parts;

/// <summary>Element ids that are unique in a page.</summary>
internal static class Ids
{
    private static long last;

    public static string Next(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{Interlocked.Increment(ref last)}");
}
