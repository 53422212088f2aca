using System.Globalization;
using Bartizan.Content.Documents;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Check;

/// <summary>Reads the attributes of one planned resource as its shape asks.</summary>
/// <param name="values">What the plan says.</param>
/// <param name="unknown">The same tree with true where a value is known only after the plan is applied.</param>
internal sealed class TerraformValues(PolicyValue values, PolicyValue unknown)
{
    /// <summary>
    /// A source is a path; a list of paths, of which the first that is there counts; <c>{from, words}</c> to say it in the cloud's
    /// words; <c>{each, per, fields}</c> to make one item of each block, or of each value in the block's list <c>per</c>;
    /// <c>{value}</c> for what always holds.
    /// </summary>
    public PolicyValue Read(SourceNode source)
    {
        switch (source)
        {
            case SourceScalar path:
                return At(path.Text);
            case SourceList paths:
                return paths.Items.OfType<SourceScalar>().Select(p => At(p.Text)).FirstOrDefault(v => v.HasContent) ?? PolicyValue.Undefined;
            case SourceMap { } map when map["value"] is { } constant:
                return PolicyJson.TryParse(SourceJson.ToNode(constant)?.ToJsonString() ?? "null")!;
            case SourceMap map when map["each"] is SourceScalar each:
                return Each(each.Text, (map["per"] as SourceScalar)?.Text, (SourceMap)map["fields"]!);
            case SourceMap map when map["from"] is { } from:
                var value = Read(from);
                return (map["words"] as SourceMap)?[value.ToScalarText() ?? ""] is SourceScalar word ? PolicyValue.Of(word.Text) : value;
            default:
                return PolicyValue.Undefined;
        }
    }

    /// <summary>An object of the shape's fields; dots in their names make objects in objects.</summary>
    public PolicyValue Object(SourceMap fields)
    {
        var root = new Branch();
        foreach (var field in fields.Entries)
        {
            root.Set(field.Key.Split('.'), Read(field.Value));
        }

        return root.ToValue();
    }

    private PolicyValue Each(string blocks, string? per, SourceMap fields)
    {
        if (At(blocks) is not { HasContent: true } found || found.Elements is not { } items)
        {
            return At(blocks);
        }

        var made = new List<PolicyValue>();
        foreach (var item in items)
        {
            var inner = new TerraformValues(item, PolicyValue.Undefined);
            if (per is null)
            {
                made.Add(inner.Object(fields));
                continue;
            }

            foreach (var one in item.Member(per).Elements ?? [])
            {
                made.Add(new TerraformValues(PolicyValue.Of([.. (item.MemberNames ?? []).Where(n => n != per).Select(n => (n, item.Member(n))), (per, one)]), PolicyValue.Undefined).Object(fields));
            }
        }

        return PolicyValue.Of(made);
    }

    private PolicyValue At(string path)
    {
        var value = values;
        var open = unknown;
        foreach (var step in path.Split('.', '['))
        {
            value = Step(value, step);
            open = open.IsTrue ? open : Step(open, step);
        }

        return value.HasContent ? value : open.IsTrue ? Unresolved.Of("known after apply") : PolicyValue.Undefined;
    }

    private static PolicyValue Step(PolicyValue value, string step) =>
        step.EndsWith(']') && int.TryParse(step[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? value.Elements is { } items && index < items.Count ? items[index] : PolicyValue.Undefined
            : value.Member(step);

    /// <summary>An object while it is put together.</summary>
    internal sealed class Branch
    {
        private readonly List<(string Name, object Value)> members = [];

        public void Set(ReadOnlySpan<string> path, PolicyValue value)
        {
            if (value.IsUndefined)
            {
                return;
            }

            var name = path[0];
            var at = members.FindIndex(m => m.Name == name);
            if (path.Length == 1)
            {
                members.RemoveAll(m => m.Name == name);
                members.Add((name, value));
                return;
            }

            if (at < 0 || members[at].Value is not Branch branch)
            {
                branch = new Branch();
                members.RemoveAll(m => m.Name == name);
                members.Add((name, branch));
            }

            branch.Set(path[1..], value);
        }

        public void Append(string list, PolicyValue item)
        {
            var at = members.FindIndex(m => m.Name == list);
            var items = at >= 0 && members[at].Value is PolicyValue { Elements: { } before } ? before : [];
            members.RemoveAll(m => m.Name == list);
            members.Add((list, PolicyValue.Of([.. items, item])));
        }

        public PolicyValue ToValue() => PolicyValue.Of([.. members.Select(m => (m.Name, m.Value as PolicyValue ?? ((Branch)m.Value).ToValue()))]);
    }
}
