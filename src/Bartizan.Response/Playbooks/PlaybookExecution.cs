using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using Bartizan.Foundation.Outcomes;
using Bartizan.Response.Playbooks.Expressions;
using static Bartizan.Response.Playbooks.Expressions.ExpressionEvaluation;

namespace Bartizan.Response.Playbooks;

/// <summary>
/// One run of a definition, action by action in the order that runAfter allows. Branches that the language lets run side by side run one after
/// the other here, which no definition may rely on. A set of actions ends as its last ones do; one that was left out counts as what kept it
/// from running.
/// </summary>
internal sealed class PlaybookExecution(
    PlaybookDefinition definition, PlaybookRun run, JsonNode? trigger, IncidentConnector connector, SendHttp http, Func<TimeSpan, CancellationToken, Task> wait, TimeProvider time,
    Func<PlaybookRun, Task> keep) : IExpressionScope
{
    private const int MaxSteps = 10_000;
    private const int MaxRounds = 5_000;
    private const int MaxKept = 20_000;
    private static readonly TimeSpan longestWait = TimeSpan.FromDays(30);

    private readonly Dictionary<string, JsonNode?> variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, JsonNode?> outputs = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Loop, JsonNode? Item)> loops = [];
    private readonly List<StepRun> steps = [];

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Runs to the end; a refusal or a fault of an action is its status, never an exception.</summary>
    public async Task<PlaybookRun> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (status, error) = await RunAsync(definition.Actions, cancellationToken).ConfigureAwait(false);
            return run with { Status = status, Error = error, Ended = Now, Steps = [.. steps] };
        }
        catch (Termination end)
        {
            return run with { Status = end.Status, Error = end.Status == StepStatus.Failed ? end.Message : null, Ended = Now, Steps = [.. steps] };
        }
    }

    public JsonNode? Look(string function, IReadOnlyList<JsonNode?> arguments)
    {
        var name = arguments.Count > 0 ? Text(arguments[0]) : "";
        return function.ToLowerInvariant() switch
        {
            "triggerbody" => trigger,
            "triggeroutputs" => new JsonObject { ["body"] = trigger?.DeepClone() },
            "variables" => variables.TryGetValue(name, out var value) ? value : throw new ExpressionException($"There is no variable '{name}'."),
            "parameters" => definition.Parameters.TryGetValue(name, out var value) ? value : throw new ExpressionException($"There is no parameter '{name}'."),
            "outputs" => outputs.TryGetValue(name, out var value) ? value : throw new ExpressionException($"The action '{name}' has not run."),
            "body" => outputs.TryGetValue(name, out var value) ? (value as JsonObject)?["body"] : throw new ExpressionException($"The action '{name}' has not run."),
            "actions" => Result(steps.FindLast(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? throw new ExpressionException($"The action '{name}' has not run.")),
            "result" => new JsonArray([.. (Within(definition.Actions, name) ?? throw new ExpressionException($"There is no scope, condition or loop '{name}'."))
                .SelectMany(a => steps.Where(s => s.Name.Equals(a.Name, StringComparison.OrdinalIgnoreCase)).TakeLast(1)).Select(Result)]),
            "item" => loops.Count > 0 ? loops[^1].Item : throw new ExpressionException("item() stands within a loop."),
            "items" => loops.FindLast(l => l.Loop.Equals(name, StringComparison.OrdinalIgnoreCase)) is { Loop: not null } loop ? loop.Item : throw new ExpressionException($"There is no loop '{name}' around this."),
            "workflow" => new JsonObject { ["name"] = run.Playbook, ["run"] = new JsonObject { ["name"] = run.Id } },
            _ => throw new ExpressionException($"The function '{function}' is not known here."),
        };
    }

    private async Task<(StepStatus Status, string? Error)> RunAsync(IReadOnlyList<PlaybookAction> actions, CancellationToken cancellationToken)
    {
        var ended = new Dictionary<string, (StepStatus Status, string? Error)>(StringComparer.OrdinalIgnoreCase);
        while (ended.Count < actions.Count)
        {
            var action = actions.First(a => !ended.ContainsKey(a.Name) && a.RunAfter.Keys.All(ended.ContainsKey));
            var mayRun = action.RunAfter.All(p => p.Value.Contains(ended[p.Key].Status));
            ended[action.Name] = mayRun ? await StepAsync(action, cancellationToken).ConfigureAwait(false) : (StepStatus.Skipped, null);
            if (!mayRun)
            {
                await KeepAsync(action, StepStatus.Skipped, Now, null).ConfigureAwait(false);
            }
        }

        var last = actions.Where(a => !actions.Any(o => o.RunAfter.ContainsKey(a.Name))).Select(Effective).ToList();
        return last.Exists(e => e.Status is StepStatus.Failed or StepStatus.TimedOut) ? (StepStatus.Failed, last.First(e => e.Status is StepStatus.Failed or StepStatus.TimedOut).Error) : (StepStatus.Succeeded, null);

        (StepStatus Status, string? Error) Effective(PlaybookAction action) => ended[action.Name].Status != StepStatus.Skipped
            ? ended[action.Name]
            : action.RunAfter.Keys.Select(k => Effective(actions.First(a => a.Name.Equals(k, StringComparison.OrdinalIgnoreCase)))).OrderByDescending(e => e.Status is StepStatus.Failed or StepStatus.TimedOut).FirstOrDefault((StepStatus.Skipped, null));
    }

    private async Task<(StepStatus Status, string? Error)> StepAsync(PlaybookAction action, CancellationToken cancellationToken)
    {
        var start = Now;
        (StepStatus Status, string? Error) end;
        try
        {
            if (steps.Count >= MaxSteps)
            {
                throw new Termination(StepStatus.Failed, $"A run has at most {MaxSteps:N0} steps.");
            }

            end = await DoAsync(action, cancellationToken).ConfigureAwait(false);
        }
        catch (ExpressionException e)
        {
            end = (StepStatus.Failed, e.Message);
        }

        await KeepAsync(action, end.Status, start, end.Error).ConfigureAwait(false);
        return end;
    }

    private async Task KeepAsync(PlaybookAction action, StepStatus status, DateTimeOffset start, string? error)
    {
        var shown = status is StepStatus.Succeeded or StepStatus.Failed && !IsSecret(action) && outputs.TryGetValue(action.Name, out var output) ? output?.ToJsonString() : null;
        steps.Add(new StepRun(action.Name, status, start, Now, error, shown?.Length > MaxKept ? shown[..MaxKept] : shown));
        await keep(run with { Steps = [.. steps] }).ConfigureAwait(false);
    }

    private async Task<(StepStatus Status, string? Error)> DoAsync(PlaybookAction action, CancellationToken cancellationToken)
    {
        switch (action.Type)
        {
            case "if":
                return await RunAsync(action.Branches[Condition(action.Json["expression"]) ? "actions" : "else"], cancellationToken).ConfigureAwait(false);
            case "switch":
                var chosen = Resolve(action.Json["expression"], this);
                var name = action.Json["cases"]!.AsObject().FirstOrDefault(c => ExpressionFunctions.Same(Resolve(c.Value?["case"], this), chosen)).Key;
                return await RunAsync(action.Branches[name is null ? "default" : "case:" + name], cancellationToken).ConfigureAwait(false);
            case "scope":
                return await RunAsync(action.Branches["actions"], cancellationToken).ConfigureAwait(false);
            case "foreach":
                return await ForeachAsync(action, cancellationToken).ConfigureAwait(false);
            case "until":
                return await UntilAsync(action, cancellationToken).ConfigureAwait(false);
            case "compose":
                Put(action, Resolve(action.Inputs, this));
                return (StepStatus.Succeeded, null);
            case "parsejson":
                var content = Resolve(action.Inputs?["content"], this);
                var parsed = content is JsonValue ? ExpressionFunctions.Call("json", [content], this) : content;
                PlaybookSchema.Check(parsed, action.Inputs?["schema"], "content");
                Put(action, parsed);
                return (StepStatus.Succeeded, null);
            case "terminate":
                var status = Text(Resolve(action.Inputs?["runStatus"], this)).ToLowerInvariant() switch
                {
                    "failed" => StepStatus.Failed,
                    "cancelled" => StepStatus.Cancelled,
                    _ => StepStatus.Succeeded,
                };
                await KeepAsync(action, StepStatus.Succeeded, Now, null).ConfigureAwait(false);
                throw new Termination(status, Text(Resolve(action.Inputs?["runError"]?["message"], this)));
            case "wait":
                await wait(Pause(action), cancellationToken).ConfigureAwait(false);
                return (StepStatus.Succeeded, null);
            case "query" or "select" or "table" or "join":
                Put(action, Shape(action));
                return (StepStatus.Succeeded, null);
            case "response":
                // Whoever called has had their answer: what would be said is kept with the run.
                outputs[action.Name] = Resolve(action.Inputs, this);
                return (StepStatus.Succeeded, null);
            case "http":
                return await HttpAsync(action, cancellationToken).ConfigureAwait(false);
            case "apiconnection":
                // The connection itself is built in: what a definition says of it is not looked at.
                var call = new JsonObject { ["path"] = Resolve(action.Inputs!["path"], this), ["method"] = action.Inputs["method"]?.DeepClone(), ["body"] = Resolve(action.Inputs["body"], this) };
                var answer = await connector.CallAsync(call, run.Playbook, cancellationToken).ConfigureAwait(false);
                if (!answer.TryGetValue(out var body, out var problem) && problem is not null)
                {
                    return (StepStatus.Failed, problem.Message);
                }

                Put(action, body);
                return (StepStatus.Succeeded, null);
            default:
                SetVariables(action);
                return (StepStatus.Succeeded, null);
        }
    }

    private void SetVariables(PlaybookAction action)
    {
        if (action.Type == "initializevariable")
        {
            foreach (var variable in action.Inputs?["variables"] as JsonArray ?? [])
            {
                variables[Text(variable?["name"])] = Resolve(variable?["value"], this) ?? Text(variable?["type"]).ToLowerInvariant() switch
                {
                    "array" => new JsonArray(),
                    "object" => new JsonObject(),
                    "string" => "",
                    "integer" or "float" => 0,
                    "boolean" => false,
                    _ => null,
                };
            }

            return;
        }

        var name = Text(action.Inputs?["name"]);
        if (!variables.TryGetValue(name, out var known))
        {
            throw new ExpressionException($"The variable '{name}' has not been initialized.");
        }

        var value = Resolve(action.Inputs?["value"], this);
        variables[name] = action.Type switch
        {
            "setvariable" => value,
            "appendtoarrayvariable" => ExpressionFunctions.Copy(ExpressionFunctions.Items(known).Append(value)),
            "appendtostringvariable" => Limited(Text(known) + Text(value)),
            _ => JsonValue.Create(Number(known) + (value is null ? 1 : Number(value))),
        };
    }

    private async Task<(StepStatus Status, string? Error)> ForeachAsync(PlaybookAction action, CancellationToken cancellationToken)
    {
        (StepStatus Status, string? Error) worst = (StepStatus.Succeeded, null);
        var items = ExpressionFunctions.Items(Resolve(action.Json["foreach"], this)).ToList();
        if (items.Count > MaxRounds)
        {
            throw new ExpressionException($"A loop goes over at most {MaxRounds:N0} items.");
        }

        foreach (var item in items)
        {
            loops.Add((action.Name, item));
            try
            {
                var end = await RunAsync(action.Branches["actions"], cancellationToken).ConfigureAwait(false);
                worst = end.Status == StepStatus.Failed ? end : worst;
            }
            finally
            {
                loops.RemoveAt(loops.Count - 1);
            }
        }

        return worst;
    }

    private async Task<(StepStatus Status, string? Error)> UntilAsync(PlaybookAction action, CancellationToken cancellationToken)
    {
        var limit = action.Json["limit"];
        var rounds = limit?["count"] is { } count ? Math.Min(MaxRounds, Number(Resolve(count, this))) : 60;
        var ends = Now + (limit?["timeout"] is { } timeout ? Duration(Text(Resolve(timeout, this))) : TimeSpan.FromHours(1));
        for (var round = 1; ; round++)
        {
            var end = await RunAsync(action.Branches["actions"], cancellationToken).ConfigureAwait(false);
            if (end.Status == StepStatus.Failed)
            {
                return end;
            }

            if (Condition(action.Json["expression"]) || round >= rounds)
            {
                return end;
            }

            if (Now >= ends)
            {
                return (StepStatus.TimedOut, "The loop's time was over.");
            }
        }
    }

    private async Task<(StepStatus Status, string? Error)> HttpAsync(PlaybookAction action, CancellationToken cancellationToken)
    {
        var inputs = (JsonObject)Resolve(action.Inputs, this)!;
        var retries = RetryPolicy.Read(inputs["retryPolicy"]);
        var answer = await http(inputs, cancellationToken).ConfigureAwait(false);
        for (var attempt = 0; attempt < retries.Count && RetryPolicy.IsPassing(answer); attempt++)
        {
            await wait(retries.Pause(attempt, answer), cancellationToken).ConfigureAwait(false);
            answer = await http(inputs, cancellationToken).ConfigureAwait(false);
        }

        if (!answer.TryGetValue(out var received, out var problem))
        {
            return (problem.Kind == ProblemKind.LimitReached ? StepStatus.TimedOut : StepStatus.Failed, problem.Message);
        }

        outputs[action.Name] = received;
        var code = Number(received["statusCode"]);
        return code >= 400 ? (StepStatus.Failed, $"The answer was {code}.") : (StepStatus.Succeeded, null);
    }

    /// <summary>A condition as an expression, or as the designer writes it: <c>{"and":[{"equals":[a, b]}]}</c>.</summary>
    private bool Condition(JsonNode? node)
    {
        if (node is JsonObject { Count: 1 } o && o.First() is { } only)
        {
            return only.Key.ToLowerInvariant() switch
            {
                "and" => ExpressionFunctions.Items(only.Value).All(Condition),
                "or" => ExpressionFunctions.Items(only.Value).Any(Condition),
                "not" => !Condition(only.Value),
                _ when ExpressionFunctions.Has(only.Key) => Truth(ExpressionFunctions.Call(only.Key, [.. ExpressionFunctions.Items(only.Value).Select(a => Resolve(a, this))], this)),
                _ => throw new ExpressionException($"'{only.Key}' is no comparison."),
            };
        }

        return node is null || node is JsonObject { Count: 0 } || Truth(Resolve(node, this));
    }

    private void Put(PlaybookAction action, JsonNode? body) =>
        outputs[action.Name] = action.Type == "compose" ? body : new JsonObject { ["body"] = body?.DeepClone() };

    /// <summary>How long a Wait is to last: an interval, or until a moment; 30 days at most.</summary>
    private TimeSpan Pause(PlaybookAction action)
    {
        TimeSpan pause;
        if (action.Inputs?["until"]?["timestamp"] is { } until)
        {
            var moment = Text(Resolve(until, this));
            pause = DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - Now : throw new ExpressionException($"'{moment}' is not a time.");
        }
        else
        {
            var interval = Resolve(action.Inputs?["interval"], this);
            var unit = Text(interval?["unit"]).ToLowerInvariant();
            var seconds = unit switch
            {
                "second" => 1,
                "minute" => 60,
                "hour" => 3_600,
                "day" => 86_400,
                "week" => 604_800,
                _ => throw new ExpressionException($"A wait has an interval with the unit Second, Minute, Hour, Day or Week, not '{unit}'."),
            };
            var count = Number(interval?["count"]);
            pause = count * seconds <= (decimal)longestWait.TotalSeconds ? TimeSpan.FromSeconds((double)(count * seconds)) : TimeSpan.MaxValue;
        }

        return pause > longestWait ? throw new ExpressionException($"A run waits at most {longestWait.TotalDays} days.") : pause < TimeSpan.Zero ? TimeSpan.Zero : pause;
    }

    /// <summary>Filters, projects, tabulates or joins an array; what is said of each item is worked out with it as <c>item()</c>.</summary>
    private JsonNode? Shape(PlaybookAction action)
    {
        var items = ExpressionFunctions.Items(Resolve(action.Inputs?["from"], this)).ToList();
        switch (action.Type)
        {
            case "query":
                return ExpressionFunctions.Copy(items.Where(i => With(i, () => Condition(action.Inputs?["where"]))));
            case "select":
                return ExpressionFunctions.Copy(items.Select(i => With(i, () => Resolve(action.Inputs?["select"], this))));
            case "join":
                var separator = Text(Resolve(action.Inputs?["joinWith"], this));
                return Limited(string.Join(separator, items.Select(Text)));
            default:
                var columns = (action.Inputs?["columns"] as JsonArray)?.OfType<JsonObject>().ToList();
                IReadOnlyList<string> headers = columns is null
                    ? [.. items.OfType<JsonObject>().SelectMany(o => o.Select(p => p.Key)).Distinct()]
                    : [.. columns.Select(c => Text(Resolve(c["header"], this)))];
                var rows = items.Select(i => (IReadOnlyList<string>)[.. columns is null
                    ? headers.Select(h => Text((i as JsonObject)?[h]))
                    : columns.Select(c => With(i, () => Text(Resolve(c["value"], this))))]);
                return Limited(TableText.Write(Text(Resolve(action.Inputs?["format"], this)), headers, rows));
        }
    }

    private T With<T>(JsonNode? item, Func<T> work)
    {
        loops.Add(("", item));
        try
        {
            return work();
        }
        finally
        {
            loops.RemoveAt(loops.Count - 1);
        }
    }

    private JsonObject Result(StepRun step) => new()
    {
        ["name"] = step.Name,
        ["status"] = step.Status.ToString(),
        ["startTime"] = step.Started.UtcDateTime,
        ["endTime"] = step.Ended.UtcDateTime,
        ["outputs"] = outputs.GetValueOrDefault(step.Name)?.DeepClone(),
        ["error"] = step.Error is null ? null : new JsonObject { ["message"] = step.Error },
    };

    /// <summary>The actions that stand directly in one, wherever that stands.</summary>
    private static IEnumerable<PlaybookAction>? Within(IEnumerable<PlaybookAction> actions, string name)
    {
        foreach (var action in actions)
        {
            var inner = action.Branches.Values.SelectMany(b => b);
            if (action.Branches.Count > 0 && action.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return inner;
            }

            if (Within(inner, name) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Outputs that a definition calls secure are not kept with the run.</summary>
    private static bool IsSecret(PlaybookAction action) =>
        (action.Json["runtimeConfiguration"]?["secureData"]?["properties"] as JsonArray)?.Any(p => Text(p) == "outputs") == true;

    private static TimeSpan Duration(string text)
    {
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (FormatException)
        {
            throw new ExpressionException($"'{text}' is not a duration such as PT1H.");
        }
    }

    /// <summary>Ends the run from wherever it is.</summary>
    private sealed class Termination(StepStatus status, string message) : Exception(message)
    {
        public StepStatus Status => status;
    }
}

/// <summary>Sends what an HTTP action asks for; answers <c>{statusCode, headers, body}</c>.</summary>
internal delegate Task<Outcome<JsonObject>> SendHttp(JsonObject inputs, CancellationToken cancellationToken);
