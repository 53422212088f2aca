using System.CommandLine;
using System.Text;
using System.Text.Json;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Store.Queries;

namespace Bartizan.Cli.Kql;

/// <summary><c>bartizan kql run</c>: the rows of each query of a file, one JSON line each, over an engine in memory.</summary>
internal static class RunCommand
{
    public const string NoTables = """{ "databases": { "default": { "tables": {} } }, "default": "default" }""";

    public static Command Create()
    {
        var queries = new Option<FileInfo>("--queries")
        {
            Description = "JSON lines, each with 'id', 'query' and perhaps 'platform'.",
            Required = true,
        };
        var schemas = new Option<FileInfo?>("--schemas") { Description = "JSON file with tables and functions that the queries may name; the tables are empty." };
        var rows = new Option<int>("--rows") { Description = "How many made-up rows each table gets." };
        var external = new Option<bool>("--empty-external-data") { Description = "Let externaldata have no rows; without this it is refused." };
        var seconds = new Option<int>("--timeout") { Description = "Seconds that one query may take.", DefaultValueFactory = _ => 60 };
        var command = new Command("run", "Run each query of a file and print its rows.") { queries, schemas, rows, external, seconds };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetRequiredValue(queries), parsed.GetValue(schemas), parsed.GetValue(rows), parsed.GetValue(external), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo queryFile, FileInfo? schemaFile, int rows, bool emptyExternal, TimeSpan timeout, CancellationToken cancellation)
    {
        SchemaSet set;
        try
        {
            set = SchemaSet.Parse(schemaFile is null ? NoTables : await File.ReadAllTextAsync(schemaFile.FullName, cancellation));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync($"{schemaFile?.FullName}: {problem.Message}");
            return ExitCodes.Refused;
        }

        if (!queryFile.Exists)
        {
            await Console.Error.WriteLineAsync($"{queryFile.FullName}: the file does not exist.");
            return ExitCodes.Refused;
        }

        if (!ScratchDatabase.Open(TimeProvider.System, rows, emptyExternal).TryGetValue(out var database, out var refusal))
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return ExitCodes.Refused;
        }

        using (database)
        {
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
            var number = 0;
            await foreach (var line in File.ReadLinesAsync(queryFile.FullName, cancellation))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                {
                    await output.WriteLineAsync(await new RunQuery(database, set, timeout).AnswerAsync(line, number, cancellation));
                    await output.FlushAsync(cancellation);
                }
            }
        }

        return ExitCodes.Done;
    }
}
