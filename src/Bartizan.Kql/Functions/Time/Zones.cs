using Bartizan.Kql.Types;

namespace Bartizan.Kql.Functions.Time;

/// <summary>Local times of IANA zones, by the zone rules of the machine.</summary>
internal static class Zones
{
    public static IEnumerable<KqlFunction> All() =>
    [
        new("datetime_utc_to_local", "(from:datetime, timezone:text) -> datetime", "The local time in a zone (as Europe/Prague) at a moment in UTC; null for an unknown zone.")
        {
            Managed = a => Find(Conversion.ToText(a[1])) is { } zone ? InRange(a[0].AsLong + zone.GetUtcOffset(Calendar.At(a[0])).Ticks) : KqlValue.Null(KqlType.DateTime),
        },
        new("datetime_local_to_utc", "(from:datetime, timezone:text) -> datetime", "The moment in UTC of a local time in a zone; null for an unknown zone.")
        {
            Managed = a => Find(Conversion.ToText(a[1])) is { } zone ? ToUtc(a[0].AsLong, zone) : KqlValue.Null(KqlType.DateTime),
        },
        new("datetime_list_timezones", "() -> dynamic", "The names of the zones that are known.")
        {
            Managed = _ => Json.ArrayOf(TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id).Order(StringComparer.Ordinal).Select(Json.Quote)),
        },
    ];

    private static TimeZoneInfo? Find(string name) =>
        // A path would make the lookup read files outside the zone folder.
        name.Length is > 0 and < 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+') && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : null;

    private static KqlValue ToUtc(long local, TimeZoneInfo zone)
    {
        var time = new DateTime(Math.Clamp(local, 0, KqlTime.MaxTicks), DateTimeKind.Unspecified);
        // In the hour that a spring change leaves out, the offset before the change carries the time over it.
        var offset = zone.IsInvalidTime(time) ? zone.GetUtcOffset(time.AddTicks(-TimeSpan.TicksPerHour)) : zone.GetUtcOffset(time);
        return InRange(local - offset.Ticks);
    }

    private static KqlValue InRange(long ticks) => ticks is >= 0 and <= KqlTime.MaxTicks ? KqlValue.DateTime(ticks) : KqlValue.Null(KqlType.DateTime);
}
