using System.Globalization;
using System.Text;
using Bartizan.Kql.Functions;
using Bartizan.Store.Queries;
using Bartizan.Testing;

namespace Bartizan.Store.Tests.Queries;

/// <summary>
/// Each <c>.kql</c> file under <c>tests/cases/kql</c> gives the rows that lie beside it. <c>BARTIZAN_ACCEPT=1</c> writes what comes out, to be reviewed
/// as code.
/// </summary>
public sealed class QueryCaseTests
{
    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "cases", "kql");

    public static TheoryData<string> Cases() =>
        [.. Directory.EnumerateFiles(Folder, "*.kql", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_gives_its_accepted_rows(string file)
    {
        using var store = OpenStore.InMemory();
        var answer = await store.Queries.RunAsync(new QueryRequest(await File.ReadAllTextAsync(Path.Combine(Folder, file))), CancellationToken.None);
        var actual = answer.TryGetValue(out var result, out var problem) ? Text(result) : $"{problem.Code}: {problem.Message}\n";
        var accepted = Path.Combine(Folder, Path.ChangeExtension(file, ".rows"));
        if (Environment.GetEnvironmentVariable("BARTIZAN_ACCEPT") is not null)
        {
            await File.WriteAllTextAsync(accepted, actual);
        }

        Assert.Equal(await File.ReadAllTextAsync(accepted), actual);
    }

    private static string Text(QueryResult result)
    {
        var text = new StringBuilder().AppendJoin(" | ", result.Columns.Select(c => $"{c.Name}:{Conversion.NameOf(c.Type)}")).Append('\n');
        foreach (var row in result.Rows)
        {
            text.AppendJoin(" | ", row.Select(Cell)).Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(object? value) => value switch
    {
        null => "null",
        "" => "''",
        bool flag => flag ? "true" : "false",
        double real => Conversion.RealText(real),
        DateTime moment => KqlTime.FormatDateTime(moment.Ticks),
        TimeSpan span => KqlTime.FormatTimeSpan(span.Ticks),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
