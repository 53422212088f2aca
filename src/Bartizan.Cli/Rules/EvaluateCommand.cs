using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Bartizan.Content.Rules;
using Bartizan.Detection.Trials;

namespace Bartizan.Cli.Rules;

/// <summary><c>bartizan rules evaluate</c>: replays labelled recordings and tells which rules alert on each.</summary>
internal static class EvaluateCommand
{
    private static readonly Option<FileInfo> Recordings = new("--recordings") { Description = "An index of recordings (JSON lines); their files lie beside it.", Required = true };
    private static readonly Option<string?> Rules = new("--rules") { Description = "A rule file or a folder of them; the product's own by default." };
    private static readonly Option<DirectoryInfo?> Content = new("--content") { Description = "The folder with tables and rules; found above the program by default." };
    private static readonly Option<string[]> Only = new("--only") { Description = "Ids of recordings to replay; all by default.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table or json.", DefaultValueFactory = _ => "table" };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("evaluate", "Replay labelled recordings of attacks and tell which rules raise alerts, right or other.") { Recordings, Rules, Content, Only, Output };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var (output, errors) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        if (!ScratchStore.Content(arguments.GetValue(Content)).TryGetValue(out var content, out var problem)
            || !RecordingIndex.Read(arguments.GetValue(Recordings)!).TryGetValue(out var recordings, out problem))
        {
            errors.WriteLine(problem.Message);
            return ExitCodes.Refused;
        }

        var rules = ScratchStore.ReadRules(arguments.GetValue(Rules) ?? Path.Combine(content, "rules"), errors).Where(r => r.IsEnabled).ToList();
        var only = arguments.GetValue(Only) ?? [];
        var results = new List<Result>();
        foreach (var recording in recordings.Where(r => only.Length == 0 || only.Contains(r.Id, StringComparer.OrdinalIgnoreCase)))
        {
            var result = await ReplayAsync(recording, rules, content, errors, cancellationToken).ConfigureAwait(false);
            results.Add(result);
            errors.WriteLine($"{(result.IsRight ? "right" : "missed"),-7}{result.Noise,3} other  {result.Elapsed.TotalSeconds,6:F1} s  {recording.Id}");
        }

        var right = results.Count(r => r.IsRight);
        var noise = results.Count == 0 ? 0 : (double)results.Sum(r => r.Noise) / results.Count;
        errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{right} of {results.Count} recordings have an alert of a right technique; {noise:F2} other alerts a recording."));
        output.WriteLine(arguments.GetValue(Output) == "json" ? Json(results) : Table(results));
        return ExitCodes.Done;
    }

    private static async Task<Result> ReplayAsync(
        Recording recording, IReadOnlyList<RuleDefinition> rules, string content, TextWriter errors, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        if (!ScratchStore.Open(content).TryGetValue(out var store, out var problem))
        {
            errors.WriteLine($"{recording.Id}: {problem.Message}");
            return new Result(recording, [], clock.Elapsed);
        }

        using (store)
        {
            foreach (var file in recording.Files)
            {
                var receipt = await store.ImportAsync(file, cancellationToken).ConfigureAwait(false);
                if ((receipt.Problem ?? receipt.Value.Stopped) is { } refused)
                {
                    errors.WriteLine($"{recording.Id}: {refused.Message}");
                }
            }

            if (!(await store.Replay.SpansAsync(store.Tables, cancellationToken).ConfigureAwait(false)).TryGetValue(out var spans, out problem))
            {
                errors.WriteLine($"{recording.Id}: {problem.Message}");
                return new Result(recording, [], clock.Elapsed);
            }

            var replayed = await store.Replay.RunAsync(rules, spans, cancellationToken).ConfigureAwait(false);
            foreach (var failed in replayed.Where(r => r.Problem is not null))
            {
                errors.WriteLine($"{recording.Id}: '{failed.Rule.Name}' failed: {failed.Problem!.Message}");
            }

            return new Result(recording, [.. replayed.Where(r => r.Alerts > 0)], clock.Elapsed);
        }
    }

    private static string Json(IReadOnlyList<Result> results)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartArray();
            foreach (var result in results)
            {
                json.WriteStartObject();
                json.WriteString("id", result.Recording.Id);
                Texts(json, "techniques", result.Recording.Techniques);
                json.WriteStartArray("alerts");
                foreach (var rule in result.Alerts)
                {
                    json.WriteStartObject();
                    json.WriteString("rule", rule.Rule.Name);
                    Texts(json, "techniques", rule.Rule.Techniques);
                    json.WriteNumber("count", rule.Alerts);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static string Table(IReadOnlyList<Result> results)
    {
        var text = new StringBuilder();
        foreach (var result in results)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{result.Recording.Id}  {string.Join(' ', result.Recording.Techniques)}");
            foreach (var rule in result.Alerts)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {(result.Matches(rule) ? "+" : " ")} {rule.Alerts,3} x {rule.Rule.Name} ({string.Join(' ', rule.Rule.Techniques)})");
            }
        }

        return text.ToString().TrimEnd();
    }

    private sealed record Result(Recording Recording, IReadOnlyList<ReplayedRule> Alerts, TimeSpan Elapsed)
    {
        public bool IsRight => Alerts.Any(Matches);

        public int Noise => Alerts.Where(a => !Matches(a)).Sum(a => a.Alerts);

        /// <summary>A technique, its parent or one of its sub-techniques.</summary>
        public bool Matches(ReplayedRule rule) => rule.Rule.Techniques.Any(t => Recording.Techniques.Any(l =>
            t.Equals(l, StringComparison.OrdinalIgnoreCase) || t.StartsWith(l + ".", StringComparison.OrdinalIgnoreCase) || l.StartsWith(t + ".", StringComparison.OrdinalIgnoreCase)));
    }
}
