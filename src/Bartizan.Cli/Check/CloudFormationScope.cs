using System.Text.RegularExpressions;
using Bartizan.Content.Documents;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>
/// Values of one CloudFormation template: parameters, mappings, conditions and intrinsic functions, as far as they stand before the
/// stack is made. Short forms of YAML (<c>!Ref</c>) are the same as their long ones.
/// </summary>
internal sealed partial class CloudFormationScope
{
    private const string NoValue = "AWS::NoValue";

    private readonly FileBudget budget = new();
    private readonly SourceMap root;
    private readonly Dictionary<string, PolicyValue> parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool?> conditions = new(StringComparer.Ordinal);

    public CloudFormationScope(SourceMap root, IReadOnlyDictionary<string, PolicyValue> given)
    {
        this.root = root;
        foreach (var entry in (root["Parameters"] as SourceMap)?.Entries ?? [])
        {
            var declared = entry.Value as SourceMap;
            var isLookup = Text(declared?["Type"])?.StartsWith("AWS::SSM::", StringComparison.Ordinal) == true;
            var value = given.TryGetValue(entry.Key, out var own) ? own
                : declared?["Default"] is { } fallback && !isLookup ? PolicyJson.TryParse(SourceJson.ToNode(fallback)?.ToJsonString() ?? "null")!
                : Unresolved.Of("Ref " + entry.Key);
            parameters[entry.Key] = value;
            if (Text(declared?["NoEcho"])?.Equals("true", StringComparison.OrdinalIgnoreCase) == true && value.AsText is { Length: > 0 } secret)
            {
                Secrets.Add(secret);
            }
        }
    }

    public HashSet<string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a condition holds; null where that is not known.</summary>
    public bool? Holds(string name)
    {
        if (conditions.TryGetValue(name, out var known))
        {
            return known;
        }

        // A condition that asks for itself is not known.
        conditions[name] = null;
        return conditions[name] = (root["Conditions"] as SourceMap)?[name] is { } node ? Truth(node) : null;
    }

    public PolicyValue Value(SourceNode node)
    {
        if (!budget.Take() || !budget.Enter())
        {
            budget.Leave();
            return Unresolved.Of("too large to unfold");
        }

        var value = Function(node) is var (name, argument) ? Call(name, argument) : Plain(node);
        budget.Leave();
        return value;
    }

    private static string? Text(SourceNode? node) => (node as SourceScalar)?.Text;

    /// <summary>The function that a node calls: by a tag, or as an object with its name alone.</summary>
    private static (string Name, SourceNode Argument)? Function(SourceNode node)
    {
        if (node.Tag is { Length: > 1 } tag)
        {
            return (tag is "!Ref" or "!Condition" ? tag[1..] : "Fn::" + tag[1..], node);
        }

        return node is SourceMap { Entries: [{ Key: var key, Value: var argument }] } && (key is "Ref" or "Condition" || key.StartsWith("Fn::", StringComparison.Ordinal)) ? (key, argument) : null;
    }

    private PolicyValue Plain(SourceNode node) => node switch
    {
        SourceMap map => PolicyValue.Of([.. map.Entries.Select(e => (e.Key, Value(e.Value)))]),
        SourceList list => PolicyValue.Of([.. list.Items.Select(Value).Where(v => !v.IsUndefined)]),
        _ => PolicyJson.TryParse(SourceJson.ToNode(node)?.ToJsonString() ?? "null")!,
    };

    private PolicyValue Call(string name, SourceNode argument)
    {
        var items = (argument as SourceList)?.Items;
        switch (name)
        {
            case "Ref":
                return Ref(Text(argument) ?? "");
            case "Fn::GetAtt":
                return Attribute(items is null ? Text(argument) ?? "" : string.Join('.', items.Select(Text)));
            case "Fn::Sub":
                return Sub(argument, items);
            case "Fn::Join" when items is [var separator, var parts]:
                return Join(Text(separator) ?? "", Value(Bare(parts)));
            case "Fn::Split" when items is [var separator, var whole] && Text(separator) is { Length: > 0 } by:
                return Value(whole).AsText is { } text ? PolicyValue.Of([.. text.Split(by).Select(PolicyValue.Of)]) : Unresolved.Of("Split");
            case "Fn::Select" when items is [var index, var list]:
                return int.TryParse(Value(index).ToScalarText(), out var at) && Value(list).Elements is { } all && at >= 0 && at < all.Count ? all[at] : Unresolved.Of("Select");
            case "Fn::If" when items is [var condition, var then, var otherwise]:
                return Holds(Text(condition) ?? "") is { } holds ? Value(holds ? then : otherwise) : Unresolved.Of("If " + Text(condition));
            case "Fn::FindInMap" when items is [var map, var first, var second, ..]:
                return Find(map, first, second);
            case "Fn::Base64":
                return Value(Bare(argument));
            default:
                return Unresolved.Of(name);
        }
    }

    /// <summary>The node without its tag, which has been read.</summary>
    private static SourceNode Bare(SourceNode node) => node is SourceList ? node : node with { Tag = null };

    private PolicyValue Ref(string name) => name switch
    {
        NoValue => PolicyValue.Undefined,
        "AWS::Partition" => PolicyValue.Of("aws"),
        "AWS::URLSuffix" => PolicyValue.Of("amazonaws.com"),
        _ when parameters.TryGetValue(name, out var value) => value,
        _ when IsDeclared(name) => PolicyValue.Of(Unresolved.Placeholder(name)),
        _ => Unresolved.Of("Ref " + name),
    };

    /// <summary>What a resource of this template is called is not known, but it is a name, and none that a check compares with.</summary>
    private PolicyValue Attribute(string path) =>
        IsDeclared(path.Split('.')[0]) && (path.EndsWith("Arn", StringComparison.Ordinal) || path.EndsWith("Id", StringComparison.Ordinal))
            ? PolicyValue.Of(Unresolved.Placeholder(path))
            : Unresolved.Of("GetAtt " + path);

    private bool IsDeclared(string name) => (root["Resources"] as SourceMap)?[name] is not null;

    private PolicyValue Sub(SourceNode argument, IReadOnlyList<SourceNode>? items)
    {
        var template = Text(items is null ? argument : items.Count > 0 ? items[0] : null);
        var own = items is [_, SourceMap map] ? map : null;
        if (template is null)
        {
            return Unresolved.Of("Fn::Sub");
        }

        var length = (long)template.Length;
        var made = new Dictionary<string, string>(StringComparer.Ordinal);
        var text = Placeholders().Replace(template, m =>
        {
            var name = m.Groups[1].Value;
            if (!made.TryGetValue(name, out var part))
            {
                made[name] = part = name.StartsWith('!') ? "${" + name[1..] + "}" : TextOf(own?[name] is { } value ? Value(value) : Ref(name), name);
            }

            part = length > FileBudget.MaxText ? "" : part;
            length += part.Length;
            return part;
        });
        return length > FileBudget.MaxText ? Unresolved.Of("a text too long to put together") : Unresolved.Whole(text);
    }

    private static PolicyValue Join(string separator, PolicyValue parts)
    {
        if (parts.Elements is not { } items)
        {
            return Unresolved.Of("Fn::Join");
        }

        var texts = items.Select(i => TextOf(i, "…")).ToList();
        return texts.Sum(t => (long)t.Length + separator.Length) > FileBudget.MaxText ? Unresolved.Of("a text too long to put together") : Unresolved.Whole(string.Join(separator, texts));
    }

    private static string TextOf(PolicyValue value, string name) =>
        value.ToScalarText() ?? Unresolved.Placeholder(Unresolved.Is(value) ? value.Member(value.MemberNames![0]).AsText ?? name : name);

    private PolicyValue Find(SourceNode map, SourceNode first, SourceNode second) =>
        Value(map).AsText is { } m && Value(first).ToScalarText() is { } f && Value(second).ToScalarText() is { } s
        && (((root["Mappings"] as SourceMap)?[m] as SourceMap)?[f] as SourceMap)?[s] is { } found
            ? Value(found)
            : Unresolved.Of("Fn::FindInMap");

    private bool? Truth(SourceNode node)
    {
        if (Function(node) is not var (name, argument) || !budget.Enter())
        {
            return null;
        }

        var items = (argument as SourceList)?.Items ?? [];
        bool? truth = name switch
        {
            "Condition" => Holds(Text(argument) ?? ""),
            "Fn::Equals" when items is [var left, var right] => Value(left).ToScalarText() is { } l && Value(right).ToScalarText() is { } r && !l.Contains("${", StringComparison.Ordinal) ? l == r : null,
            "Fn::Not" when items is [var inner] => !Truth(inner),
            "Fn::And" => items.Select(Truth).Aggregate((bool?)true, (a, b) => a & b),
            "Fn::Or" => items.Select(Truth).Aggregate((bool?)false, (a, b) => a | b),
            _ => null,
        };
        budget.Leave();
        return truth;
    }

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Placeholders();
}
