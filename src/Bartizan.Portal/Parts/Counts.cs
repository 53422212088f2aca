using System.Globalization;

namespace Bartizan.Portal.Parts;

/// <summary>How numbers are written.</summary>
internal static class Counts
{
    public static string Number(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Of(long count, string unit, string? units = null) => $"{Number(count)} {(count == 1 ? unit : units ?? unit + "s")}";

    public static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Percent(double share) => (share * 100).ToString("0", CultureInfo.InvariantCulture) + "%";

    public static string Percent1(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%";
}
