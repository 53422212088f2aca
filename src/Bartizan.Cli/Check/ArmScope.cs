using System.Globalization;
using Bartizan.Content.Documents;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Expressions;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Values of one deployment template: parameters, variables and expressions, as far as they stand before the deployment.</summary>
internal sealed class ArmScope
{
    public const string Group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/template";

    private static readonly EvaluationContext Context = new()
    {
        ResourceGroup = PolicyValue.Of(
        [
            ("id", PolicyValue.Of(Group)), ("name", PolicyValue.Of(Unresolved.Placeholder("resourceGroup().name"))), ("tags", PolicyValue.Of([("", PolicyValue.Undefined)])),
            ("location", PolicyValue.Of(Unresolved.Placeholder("resourceGroup().location"))),
        ]),
        Subscription = PolicyValue.Of(
        [
            ("id", PolicyValue.Of("/subscriptions/00000000-0000-0000-0000-000000000000")), ("tenantId", PolicyValue.Of(Unresolved.Placeholder("subscription().tenantId"))),
            ("subscriptionId", PolicyValue.Of("00000000-0000-0000-0000-000000000000")), ("displayName", PolicyValue.Of(Unresolved.Placeholder("subscription().displayName"))),
        ]),
    };

    private readonly FileBudget budget;
    private readonly SourceMap? variables;
    private readonly Dictionary<string, PolicyValue> parameters = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, PolicyValue> known = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> underway = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> loops = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<IReadOnlyList<PolicyValue>, PolicyValue>> functions;
    private string? innermost;

    public ArmScope(SourceMap template, IReadOnlyDictionary<string, PolicyValue> given, FileBudget budget)
    {
        this.budget = budget;
        variables = template["variables"] as SourceMap;
        functions = new(StringComparer.OrdinalIgnoreCase)
        {
            ["parameters"] = a => Text(a, 0) is { } n ? parameters.GetValueOrDefault(n, PolicyValue.Undefined) : PolicyValue.Undefined,
            ["variables"] = a => Text(a, 0) is { } n ? Variable(n) : PolicyValue.Undefined,
            ["resourceId"] = a => ResourceId(a, Group),
            ["extensionResourceId"] = a => Text(a, 0) is { } scope ? ResourceId([.. a.Skip(1)], scope) : PolicyValue.Undefined,
            ["subscriptionResourceId"] = a => ResourceId(a, Group[..Group.IndexOf("/resourceGroups", StringComparison.Ordinal)]),
            ["tenantResourceId"] = a => ResourceId(a, ""),
            ["copyIndex"] = CopyIndex,
        };
        foreach (var later in new[] { "reference", "references", "listKeys", "listSecrets", "list", "newGuid", "deployment", "environment", "managementGroup", "tenant", "deployer", "pickZones", "providers" })
        {
            functions[later] = _ => PolicyValue.Undefined;
        }

        foreach (var entry in (template["parameters"] as SourceMap)?.Entries ?? [])
        {
            var declared = entry.Value as SourceMap;
            var type = (declared?["type"] as SourceScalar)?.Text ?? "";
            var value = given.TryGetValue(entry.Key, out var own) ? own : declared?["defaultValue"] is { } fallback ? Value(fallback) : Missing(entry.Key, type);
            parameters[entry.Key] = value;
            if (type.StartsWith("secure", StringComparison.OrdinalIgnoreCase))
            {
                CollectSecrets(value);
            }
        }
    }

    /// <summary>What secure parameters hold.</summary>
    public HashSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>The node with its expressions evaluated; what cannot be known is marked as such.</summary>
    public PolicyValue Value(SourceNode node)
    {
        if (!budget.Take() || !budget.Enter())
        {
            budget.Leave();
            return Unresolved.Of("too large to unfold");
        }

        var value = node switch
        {
            SourceMap map => PolicyValue.Of([.. map.Entries.Where(e => !IsCopy(e)).Select(e => (e.Key, Value(e.Value))), .. map.Entries.Where(IsCopy).SelectMany(e => Copied((SourceList)e.Value))]),
            SourceList list => PolicyValue.Of([.. list.Items.Select(Value)]),
            SourceScalar { IsQuoted: true } text => OfText(text.Text),
            _ => PolicyJson.TryParse(SourceJson.ToNode(node)?.ToJsonString() ?? "null")!,
        };
        budget.Leave();
        return value;
    }

    /// <summary>The text, with placeholders for what is not known.</summary>
    public string Name(SourceNode? node) => node switch
    {
        SourceScalar { Text: var text } => Evaluate(text) is { IsUndefined: false } value && (value.AsText ?? value.ToScalarText()) is { } name ? name : Unresolved.Placeholder(text.Trim('[', ']')),
        _ => "",
    };

    /// <summary>Whether the condition of a resource is known to be false.</summary>
    public bool IsFalse(SourceNode? condition) => condition is not null && Value(condition).ToScalarText() is "false" or "False";

    /// <summary>How often a loop runs; null where that is not known.</summary>
    public long? Count(SourceMap copy) =>
        copy["count"] is { } node && long.TryParse(Value(node).ToScalarText(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    /// <summary>Runs <paramref name="body"/> once for each turn of a loop.</summary>
    public IEnumerable<T> Each<T>(string loop, long count, Func<T> body)
    {
        var outer = innermost;
        for (var i = 0L; i < Math.Min(count, FileBudget.MaxCopies); i++)
        {
            (innermost, loops[loop]) = (loop, i);
            yield return body();
        }

        innermost = outer;
        loops.Remove(loop);
    }

    private static PolicyValue Missing(string name, string type) => type.ToLowerInvariant() is "string" or "securestring"
        ? PolicyValue.Of(Unresolved.Placeholder($"parameters('{name}')"))
        : Unresolved.Of($"parameters('{name}')");

    private static string? Text(IReadOnlyList<PolicyValue> arguments, int at) => at < arguments.Count ? arguments[at].AsText : null;

    private static bool IsCopy(SourceEntry entry) => entry.Key.Equals("copy", StringComparison.OrdinalIgnoreCase) && entry.Value is SourceList;

    private IEnumerable<(string Name, PolicyValue Value)> Copied(SourceList copies)
    {
        foreach (var copy in copies.Items.OfType<SourceMap>())
        {
            if (copy["name"] is SourceScalar { Text: var name } && copy["input"] is { } input)
            {
                yield return (name, Count(copy) is { } count ? PolicyValue.Of([.. Each(name, count, () => Value(input))]) : Unresolved.Of($"copy of {name}"));
            }
        }
    }

    private PolicyValue OfText(string text)
    {
        var value = Evaluate(text);
        return value.IsUndefined ? Unresolved.Of(text.Trim('[', ']')) : value.AsText is { } plain ? Unresolved.Whole(plain) : value;
    }

    private PolicyValue Evaluate(string text)
    {
        if (!text.StartsWith('['))
        {
            return PolicyValue.Of(text);
        }

        return text.Length <= FileBudget.MaxExpression && DeploymentExpression.Evaluate(text, functions, Context) is var value && FileBudget.IsBearable(value) ? value : PolicyValue.Undefined;
    }

    private PolicyValue Variable(string name)
    {
        if (known.TryGetValue(name, out var value))
        {
            return value;
        }

        var node = variables?[name] ?? ((variables?["copy"] as SourceList)?.Items.OfType<SourceMap>().FirstOrDefault(c => (c["name"] as SourceScalar)?.Text.Equals(name, StringComparison.OrdinalIgnoreCase) == true));
        if (node is null || !underway.Add(name))
        {
            return PolicyValue.Undefined;
        }

        value = variables![name] is null ? Copied(new SourceList([node], node.Span)).Select(c => c.Value).FirstOrDefault(PolicyValue.Undefined) : Value(node);
        underway.Remove(name);
        value = FileBudget.IsBearable(value) ? value : Unresolved.Of($"variables('{name}')");

        // Placeholders in texts stay text here, so that a name built from them keeps its known parts.
        return known[name] = Unresolved.Is(value) && value.Member(value.MemberNames![0]).AsText is { } origin ? PolicyValue.Of(Unresolved.Placeholder(origin)) : value;
    }

    private PolicyValue CopyIndex(IReadOnlyList<PolicyValue> arguments)
    {
        var loop = Text(arguments, 0) ?? innermost;
        var offset = arguments.Count > 0 && long.TryParse(arguments[^1].ToScalarText(), CultureInfo.InvariantCulture, out var given) ? given : 0;
        return loop is not null && loops.TryGetValue(loop, out var index) ? PolicyValue.Of(index + offset) : PolicyValue.Undefined;
    }

    /// <summary>The type is the first argument with a slash; names follow, other scopes come before.</summary>
    private static PolicyValue ResourceId(IReadOnlyList<PolicyValue> arguments, string scope)
    {
        var texts = arguments.Select(a => a.ToScalarText()).ToList();
        var at = texts.FindIndex(t => t?.Contains('/', StringComparison.Ordinal) == true);
        if (at < 0 || texts.Contains(null))
        {
            return PolicyValue.Undefined;
        }

        var types = texts[at]!.Split('/');
        var names = texts.Skip(at + 1).ToList();
        return names.Count != types.Length - 1
            ? PolicyValue.Undefined
            : PolicyValue.Of($"{scope}/providers/{types[0]}/{string.Join('/', names.Select((n, i) => $"{types[i + 1]}/{n}"))}");
    }

    private void CollectSecrets(PolicyValue value)
    {
        if (value.AsText is { Length: > 0 } text && !text.StartsWith("${", StringComparison.Ordinal))
        {
            Secrets.Add(text);
        }

        foreach (var name in value.MemberNames ?? [])
        {
            CollectSecrets(value.Member(name));
        }
    }
}
