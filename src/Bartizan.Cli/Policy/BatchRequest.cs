using System.Text.Json;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>One line of a batch's input.</summary>
internal sealed class BatchRequest(JsonElement line, BatchPolicies policies, TimeProvider clock)
{
    public BatchAnswer Answer()
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            return BatchAnswer.Refused(PolicyValue.Null, "parse", "A request is an object.");
        }

        var id = Find("id") is { } given ? PolicyJson.FromElement(given) : PolicyValue.Null;
        return Text("suite") == "fn" || (Find("expression") is not null && Find("definition") is null) ? Function(id) : Judge(id);
    }

    private BatchAnswer Function(PolicyValue id)
    {
        if (Text("expression") is not { } expression)
        {
            return BatchAnswer.Refused(id, "parse", "The request lacks expression, a text.");
        }

        if (!policies.Aliases(Text("aliases")).TryGetValue(out var aliases, out var problem))
        {
            return BatchAnswer.Refused(id, "compile", problem.Message);
        }

        var outcome = TemplateExpression.Evaluate(expression, RequestParts.Parameters(Value("parameters"), null), RequestParts.Context(Value("context"), Text("apiVersion"), clock), aliases);
        return outcome.TryGetValue(out var value, out problem)
            ? new BatchValue(id, value)
            : BatchAnswer.Refused(id, problem.Code switch { TemplateExpression.SyntaxCode => "parse", TemplateExpression.FailureCode => "evaluate", _ => "compile" }, problem.Message);
    }

    private BatchAnswer Judge(PolicyValue id)
    {
        if (Find("definition") is not { ValueKind: JsonValueKind.Object or JsonValueKind.String } definitionJson)
        {
            return BatchAnswer.Refused(id, "parse", "The request lacks definition, an object or the text of one.");
        }

        var text = definitionJson.ValueKind == JsonValueKind.String ? definitionJson.GetString()! : definitionJson.GetRawText();
        if (!policies.Definition(text).TryGetValue(out var definition, out var problem))
        {
            return BatchAnswer.Refused(id, "parse", problem.Message);
        }

        if (!policies.Compile(definition, Find("parameters"), Text("aliases")).TryGetValue(out var policy, out problem))
        {
            return BatchAnswer.Refused(id, "compile", problem.Message);
        }

        var verdict = policy.Evaluate(new PolicyRequest(PolicyResource.Of(Value("resource"), Text("apiVersion")))
        {
            Context = RequestParts.Context(Value("context"), Text("apiVersion"), clock),
            Related = Related(),
        });
        return verdict.Error is null ? new BatchVerdict(id, verdict) : BatchAnswer.Refused(id, "evaluate", verdict.Error);
    }

    private RelatedLookup? Related()
    {
        var isResolved = Find("relatedResolved")?.ValueKind == JsonValueKind.True;
        var list = Find("related");
        if (list is not { ValueKind: JsonValueKind.Array } array)
        {
            return isResolved ? PolicyRequest.Resolved([]) : null;
        }

        // A look-up that found nothing may be told as [null].
        var resources = array.EnumerateArray().Where(r => r.ValueKind == JsonValueKind.Object).Select(r => PolicyResource.Parse(r)).ToList();
        return isResolved ? PolicyRequest.Resolved(resources) : PolicyRequest.Among(resources);
    }

    private JsonElement? Find(string name) =>
        line.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string? Text(string name) => Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private PolicyValue Value(string name) => Find(name) is { } value ? PolicyJson.FromElement(value) : PolicyValue.Undefined;
}
