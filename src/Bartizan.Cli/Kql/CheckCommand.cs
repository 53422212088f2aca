using System.CommandLine;
using System.Text;
using System.Text.Json;
using Bartizan.Kql.Binding.Symbols;

namespace Bartizan.Cli.Kql;

/// <summary><c>bartizan kql check</c>: what each query of a file would give, or what is wrong with it, one JSON line each.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var schemas = new Option<FileInfo>("--schemas")
        {
            Description = "JSON file with the tables and functions that the queries name.",
            Required = true,
        };
        var queries = new Option<FileInfo>("--queries")
        {
            Description = "JSON lines, each with 'id', 'query' and perhaps 'platform'.",
            Required = true,
        };
        var command = new Command("check", "Say for each query of a file whether it binds, and its columns.") { schemas, queries };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(schemas), parsed.GetRequiredValue(queries), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo schemaFile, FileInfo queryFile, CancellationToken cancellation)
    {
        SchemaSet set;
        try
        {
            set = SchemaSet.Parse(await File.ReadAllTextAsync(schemaFile.FullName, cancellation));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync($"{schemaFile.FullName}: {problem.Message}");
            return ExitCodes.Refused;
        }

        if (!queryFile.Exists)
        {
            await Console.Error.WriteLineAsync($"{queryFile.FullName}: the file does not exist.");
            return ExitCodes.Refused;
        }

        await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16);
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(queryFile.FullName, cancellation))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                await output.WriteLineAsync(CheckedQuery.Read(line, number, set));
            }
        }

        return ExitCodes.Done;
    }
}
