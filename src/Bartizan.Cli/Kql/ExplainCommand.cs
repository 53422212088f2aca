using System.CommandLine;
using System.Text.Json;
using Bartizan.Kql.Binding.Symbols;
using Bartizan.Store.Queries;

namespace Bartizan.Cli.Kql;

/// <summary><c>bartizan kql explain</c>: the SQL that a query becomes.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var query = new Argument<string>("query") { Description = "The query." };
        var schemas = new Option<FileInfo?>("--schemas") { Description = "JSON file with tables and functions that the query may name." };
        var command = new Command("explain", "Show the SQL that a query becomes.") { query, schemas };
        command.SetAction((parsed, cancellation) => RunAsync(parsed.GetRequiredValue(query), parsed.GetValue(schemas), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string query, FileInfo? schemaFile, CancellationToken cancellation)
    {
        SchemaSet set;
        try
        {
            set = SchemaSet.Parse(schemaFile is null ? RunCommand.NoTables : await File.ReadAllTextAsync(schemaFile.FullName, cancellation));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            await Console.Error.WriteLineAsync($"{schemaFile?.FullName}: {problem.Message}");
            return ExitCodes.Refused;
        }

        if (!ScratchDatabase.Open(TimeProvider.System).TryGetValue(out var database, out var refusal))
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return ExitCodes.Refused;
        }

        using (database)
        {
            if (!database.Explain(query, set.ForPlatform("sentinel")!).TryGetValue(out var explanation, out refusal))
            {
                await Console.Error.WriteLineAsync($"{refusal.Code}: {refusal.Message}");
                return ExitCodes.Refused;
            }

            foreach (var statement in explanation.Statements)
            {
                await Console.Out.WriteLineAsync(statement);
            }
        }

        return ExitCodes.Done;
    }
}
