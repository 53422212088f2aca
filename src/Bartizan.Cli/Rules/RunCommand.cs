using System.CommandLine;
using System.Globalization;
using Bartizan.Detection.Scheduling;

namespace Bartizan.Cli.Rules;

/// <summary><c>bartizan rules run</c>: a rule over a span of events in files, as its timetable would have run it.</summary>
internal static class RunCommand
{
    private static readonly Option<FileInfo> Rule = new("--rule") { Description = "The rule's file.", Required = true };
    private static readonly Option<string[]> Events = new("--events") { Description = "Files of events, of any shape that is known.", Required = true, AllowMultipleArgumentsPerToken = true };
    private static readonly Option<DateTimeOffset?> From = new("--from") { Description = "Where the span begins; at the first event by default." };
    private static readonly Option<DateTimeOffset?> To = new("--to") { Description = "Where the span ends; after the last event by default." };
    private static readonly Option<DirectoryInfo?> Content = new("--content") { Description = "The folder with tables; found above the program by default." };

    public static Command Create()
    {
        var command = new Command("run", "Run a rule over the events of files and show the alerts it would raise.") { Rule, Events, From, To, Content };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (output, errors) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var file = arguments.GetValue(Rule)!;
        if (!file.Exists)
        {
            errors.WriteLine($"{file.FullName} does not exist.");
            return ExitCodes.Refused;
        }

        if (!ScratchStore.Content(arguments.GetValue(Content)).TryGetValue(out var content, out var problem) || !ScratchStore.Open(content).TryGetValue(out var store, out problem))
        {
            errors.WriteLine(problem.Message);
            return ExitCodes.Refused;
        }

        using (store)
        {
            foreach (var events in arguments.GetValue(Events)!)
            {
                if (!(await store.ImportAsync(events, cancellationToken).ConfigureAwait(false)).TryGetValue(out _, out problem))
                {
                    errors.WriteLine(problem.Message);
                    return ExitCodes.Refused;
                }
            }

            if (!(await store.Replay.SpansAsync(store.Tables, cancellationToken).ConfigureAwait(false)).TryGetValue(out var spans, out problem))
            {
                errors.WriteLine(problem.Message);
                return ExitCodes.Failed;
            }

            if (spans.Count == 0)
            {
                errors.WriteLine("The files hold no events.");
                return ExitCodes.Failed;
            }

            var (from, to) = (arguments.GetValue(From) ?? spans[0].From, arguments.GetValue(To) ?? spans[^1].To);
            foreach (var rule in ScratchStore.ReadRules(file.FullName, errors))
            {
                foreach (var slot in RuleTimetable.Through(rule, from, to))
                {
                    var run = await store.Runner.RunAsync(rule, slot, cancellationToken).ConfigureAwait(false);
                    if (run.Problem is { } failure)
                    {
                        errors.WriteLine($"{rule.Name}: {failure.Message}");
                        return ExitCodes.Failed;
                    }

                    foreach (var (alert, rows) in run.Batch.Alerts)
                    {
                        output.WriteLine(string.Create(
                            CultureInfo.InvariantCulture, $"{alert.StartTime.UtcDateTime:u}  {alert.Severity,-13} {alert.Name}  {rows.Rows.Count} rows  {string.Join(", ", alert.Entities.Take(6))}"));
                    }
                }
            }
        }

        return ExitCodes.Done;
    }
}
