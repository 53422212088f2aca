using System.CommandLine;
using System.Globalization;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Spectre.Console;

namespace Bartizan.Cli;

/// <summary><c>bartizan score</c>: the secure score, whole and by control.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var command = new Command("score", "Show the secure score and the controls that make it.\n\n  bartizan score\n  bartizan score --output csv > controls.csv");
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var outcome = await client.Posture.OverviewAsync(cancellationToken);
            if (!outcome.TryGetValue(out var overview, out var problem))
            {
                return problem;
            }

            var format = result.GetValue(output);
            if (format == OutputFormat.Json)
            {
                ResultTable.WriteJson(overview);
                return ExitCodes.Done;
            }

            if (format == OutputFormat.Table)
            {
                AnsiConsole.MarkupLineInterpolated(
                    $"Secure score [bold]{Percent(overview.Score.Percentage)}[/] ({Points(overview.Score.Current)} of {Points(overview.Score.Max)} points, {Percent(overview.Coverage)} of the resources could be judged)");
            }

            var table = new ResultTable("Control", "Score", "Current", "Max", "Potential", "Healthy", "Unhealthy", "NotApplicable", "Unknown");
            foreach (var control in overview.Controls.OrderByDescending(c => c.PotentialPercent).ThenBy(c => c.DisplayName, StringComparer.OrdinalIgnoreCase))
            {
                table.Add(
                    control.DisplayName, control.Max == 0 ? "" : Percent(control.Current / control.Max), Points(control.Current), Points(control.Max),
                    "+" + control.PotentialPercent.ToString("0.0", CultureInfo.InvariantCulture) + "%", control.Healthy, control.Unhealthy, control.NotApplicable, control.Unknown);
            }

            table.Write(format);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Percent(double fraction) => (100 * fraction).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    private static string Points(double points) => points.ToString("0.##", CultureInfo.InvariantCulture);
}
