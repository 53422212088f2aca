using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Policy.Tests;

/// <summary>Short ways to ask the engine.</summary>
internal static class Judge
{
    public static readonly EvaluationContext Context = EvaluationContext.From(Json("""
        {"resourceGroup":{"name":"rg1","location":"westeurope","tags":{"owner":"ops"}},"subscription":{"subscriptionId":"s1","displayName":"Main"},
         "requestContext":{"apiVersion":"2024-01-01"},"policy":{"assignmentId":"/a/1","definitionId":"/d/1"},"utcNow":"2026-03-01T12:00:00.0000000Z"}
        """));

    public static PolicyValue Json(string text) => PolicyJson.TryParse(text) ?? throw new ArgumentException("not JSON: " + text);

    /// <summary>Whether a condition holds for a resource.</summary>
    public static bool Holds(string condition, string resource, AliasTable? aliases = null, string? apiVersion = null, string parameters = "{}") =>
        Verdict("""{"if":""" + condition + ""","then":{"effect":"audit"}}""", resource, aliases, apiVersion, parameters) is { Error: null } verdict
            ? verdict.Matched
            : throw new InvalidOperationException("The evaluation failed.");

    public static Verdict Verdict(
        string definition, string resource, AliasTable? aliases = null, string? apiVersion = null, string parameters = "{}", RelatedLookup? related = null)
    {
        var request = new PolicyRequest(PolicyResource.Of(Json(resource), apiVersion)) { Context = Context, Related = related };
        var policy = Policy(definition, aliases, parameters);
        var verdict = policy.Evaluate(request);
        var explained = policy.Evaluate(request with { KeepEvidence = true });
        Assert.Equal((verdict.Matched, verdict.State, verdict.Error), (explained.Matched, explained.State, explained.Error));
        return verdict;
    }

    public static CompiledPolicy Policy(string definition, AliasTable? aliases = null, string parameters = "{}") =>
        PolicyDefinition.Parse(definition).Then(d => PolicyCompiler.Compile(d, Values(parameters), aliases ?? AliasTable.Empty)).Value;

    /// <summary>Why a condition is refused when it is read or compiled; null when it is not.</summary>
    public static string? Refusal(string condition, bool atParse)
    {
        var read = PolicyDefinition.Parse("""{"if":""" + condition + ""","then":{"effect":"audit"}}""");
        return atParse ? read.Problem is { } problem ? $"{problem.Message} {problem.Diagnostics[0].Hint}" : null : PolicyCompiler.Compile(read.Value, null, AliasTable.Empty).Problem?.Message;
    }

    /// <summary>The value of an expression, as JSON; "undefined" and "error" stand for themselves.</summary>
    public static string Value(string expression, string parameters = "{}")
    {
        var outcome = TemplateExpression.Evaluate(expression, Values(parameters), Context, AliasTable.Empty);
        return outcome.IsSuccess
            ? outcome.Value.IsUndefined ? "undefined" : outcome.Value.ToString()
            : outcome.Problem.Code == TemplateExpression.FailureCode ? "error" : "refused";
    }

    public static Dictionary<string, PolicyValue> Values(string parameters)
    {
        var given = Json(parameters);
        return given.MemberNames!.ToDictionary(n => n, given.Member);
    }
}
