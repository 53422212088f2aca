using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Bartizan.Kql.Sql;
using Bartizan.Store.Catalog;
using Bartizan.Store.Engines.DuckDb;

namespace Bartizan.Store.Terms;

/// <summary>
/// Which words the rows of a table may hold, segment by segment. A segment is a stretch of the moments at which rows were taken in; rows
/// that came after the last one are in none yet and are always read. The index only leaves rows out, so it never changes an answer.
/// </summary>
internal sealed class TermIndex
{
    /// <summary>Filters beyond this are read again from disk when they are wanted.</summary>
    private const long MaxHeldBytes = 128L * 1024 * 1024;

    /// <summary>A word that is in this many separate places is common; finding it by reading is as good.</summary>
    private const int MaxRanges = 200;

    private readonly EventDatabase database;
    private readonly ConcurrentDictionary<string, IReadOnlyList<Segment>> tables = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, long From), byte[]> held = [];
    private long heldBytes;

    private TermIndex(EventDatabase database) => this.database = database;

    public static TermIndex Open(EventDatabase database)
    {
        var index = new TermIndex(database);
        using var connection = database.Connect();
        foreach (var row in Sql.Query(connection, "SELECT table_name, from_moment, to_moment FROM store.terms ORDER BY table_name, from_moment"))
        {
            index.Know((string)row[0]!, new Segment((long)row[1]!, (long)row[2]!));
        }

        return index;
    }

    /// <summary>The latest moment that any segment covers.</summary>
    public long Latest => tables.Values.SelectMany(s => s).Select(s => s.To).DefaultIfEmpty(0).Max();

    /// <summary>The moment up to which rows of the table are in segments.</summary>
    public long CoveredTo(string table) => tables.TryGetValue(table, out var segments) ? segments[^1].To : 0;

    public async Task AddAsync(string table, long from, long to, long rows, TermFilter filter, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            c => Sql.Execute(c, "INSERT INTO store.terms VALUES (?, ?, ?, ?, ?)", table, from, to, rows, filter.Blocks), cancellationToken).ConfigureAwait(false);
        Know(table, new Segment(from, to));
    }

    /// <summary>The stretches in which rows with these words can be, as a condition over the moment of taking in; null where that leaves nothing out.</summary>
    public string? Restriction(string table, TermCondition condition)
    {
        if (!tables.TryGetValue(table, out var segments))
        {
            return null;
        }

        var filters = Filters(table, segments);
        var ranges = new List<(long From, long To)>();
        for (var i = 0; i < segments.Count; i++)
        {
            if (!new TermFilter(filters[i]).MayHold(condition))
            {
                continue;
            }

            var (from, to) = segments[i];
            if (ranges.Count > 0 && ranges[^1].To == from)
            {
                ranges[^1] = (ranges[^1].From, to);
            }
            else
            {
                ranges.Add((from, to));
            }
        }

        var all = ranges.Count == 1 && ranges[0] == (segments[0].From, segments[^1].To);
        return all || ranges.Count > MaxRanges ? null : Text(ranges, segments[^1].To);
    }

    private static string Text(List<(long From, long To)> ranges, long covered)
    {
        var column = Engines.DuckDb.Sql.Quote(StandardColumns.Received);
        var text = new StringBuilder("(");
        foreach (var (from, to) in ranges)
        {
            text.Append(CultureInfo.InvariantCulture, $"({column} > {from} AND {column} <= {to}) OR ");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{column} > {covered})").ToString();
    }

    private void Know(string table, Segment segment) =>
        tables.AddOrUpdate(table, _ => [segment], (_, known) => [.. known, segment]);

    private byte[][] Filters(string table, IReadOnlyList<Segment> segments)
    {
        lock (held)
        {
            if (heldBytes > MaxHeldBytes)
            {
                held.Clear();
                heldBytes = 0;
            }

            var missing = segments.Where(s => !held.ContainsKey((table, s.From))).Select(s => s.From).ToList();
            if (missing.Count > 0)
            {
                using var connection = database.Connect();
                foreach (var row in Sql.Query(
                    connection, "SELECT from_moment, filter FROM store.terms WHERE table_name = ? AND from_moment >= ? AND from_moment <= ?", table, missing[0], missing[^1]))
                {
                    using var filter = (Stream)row[1]!;
                    var blocks = new byte[filter.Length];
                    filter.ReadExactly(blocks);
                    if (held.TryAdd((table, (long)row[0]!), blocks))
                    {
                        heldBytes += blocks.Length;
                    }
                }
            }

            return [.. segments.Select(s => held[(table, s.From)])];
        }
    }

    private readonly record struct Segment(long From, long To);
}
