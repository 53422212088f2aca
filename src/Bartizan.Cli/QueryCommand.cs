using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Cli;

/// <summary><c>bartizan query</c>: KQL over a server's events and inventory.</summary>
internal static class QueryCommand
{
    public static Command Create()
    {
        var command = new Command(
            "query",
            "Ask a question in KQL.\n\n  bartizan query 'SigninLogs | summarize count() by ResultType'\n  bartizan query --file hunt.kql --timespan P7D --output csv\n  bartizan query 'Resources | project name, type' -o json\n\n"
            + "Exit codes: 0 answered, 1 answered in part (a limit cut rows off), 2 the query is wrong, 3 no server, 4 not allowed.");
        var text = new Argument<string?>("KQL") { Description = "The query.", Arity = ArgumentArity.ZeroOrOne };
        var file = new Option<string?>("--file", "-f") { Description = "Read the query from a file; - reads standard input.", HelpName = "FILE" };
        var timespan = new Option<string?>("--timespan") { Description = "Only events of this time: a duration such as P1D, or START/END.", HelpName = "ISO8601" };
        command.Arguments.Add(text);
        command.Options.Add(file);
        command.Options.Add(timespan);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var read = await ReadAsync(result.GetValue(text), result.GetValue(file), cancellationToken);
            if (!read.TryGetValue(out var query, out var problem))
            {
                return problem;
            }

            var outcome = await client.Logs.QueryAsync(query, result.GetValue(timespan), cancellationToken);
            if (!outcome.TryGetValue(out var answer, out problem))
            {
                return problem;
            }

            foreach (var part in answer.Tables)
            {
                var table = new ResultTable([.. part.Columns.Select(c => c.Name)]);
                foreach (var row in part.Rows)
                {
                    table.Add([.. row.Select(object? (c) => c)]);
                }

                table.Write(result.GetValue(output));
            }

            if (answer.Error is null)
            {
                return ExitCodes.Done;
            }

            await Console.Error.WriteLineAsync("bartizan: a limit cut the rows off; narrow the query with where, take or summarize.");
            return ExitCodes.Failed;
        });
        return command;
    }

    private static async Task<Outcome<string>> ReadAsync(string? text, string? file, CancellationToken cancellationToken)
    {
        if (text is null == file is null)
        {
            return new Problem(ProblemKind.Invalid, "NoQuery", "Give the query itself in quotes, or a file with --file.");
        }

        if (text is not null)
        {
            return text;
        }

        try
        {
            return file == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(file!, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Invalid, "FileNotReadable", $"The file '{file}' cannot be read ({e.Message.TrimEnd('.')}).", file);
        }
    }
}
