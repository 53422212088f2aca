using System.Net;
using System.Net.Sockets;
using Bartizan.Kql.Functions;
using Bartizan.Kql.Types;

namespace Bartizan.Kql.Plans.Managed.Plugins;

/// <summary>
/// ipv4_lookup and ipv6_lookup: each row with the row of a table whose network holds its address, the narrowest where several do; further
/// keys must be equal. Rows without one come last, and only when they are asked for.
/// </summary>
internal sealed class AddressLookup : ManagedOperator
{
    private readonly bool isV6;
    private readonly int address;
    private readonly int network;
    private readonly (int Source, int Lookup)[] extra;
    private readonly int width;
    private readonly int[] kept;
    private readonly RowShape lookup;
    private readonly bool keepsUnmatched;

    public AddressLookup(PluginCall call, PlanRows table, bool isV6)
    {
        this.isV6 = isV6;
        lookup = table.Shape;
        width = call.Source.Shape.Columns.Count;
        address = call.Column(1);
        network = IndexOf(call, 2);
        var names = Enumerable.Range(3, Math.Max(0, call.Count - 3)).Where(call.IsColumn).Select(i => ((Binding.Tree.BoundColumn)call.Expression(i)!).Name).ToList();
        extra = [.. names.Select(n => (IndexIn(call.Source.Shape, n), IndexIn(lookup, n)))];
        kept = [.. Enumerable.Range(0, lookup.Columns.Count).Where(i => extra.All(e => e.Lookup != i))];
        var last = call.Count > 3 && !call.IsColumn(call.Count - 1) ? call.Count - 1 : int.MaxValue;
        keepsUnmatched = call.Constant(last, "return_unmatched") is { IsNull: false, AsBool: true };
    }

    public override string Name => isV6 ? "ipv6_lookup" : "ipv4_lookup";

    public override IEnumerable<KqlValue[]> Run(IReadOnlyList<IEnumerable<KqlValue[]>> inputs, OperatorContext context)
    {
        // By prefix length, then by the masked address and the further keys.
        var networks = new SortedDictionary<int, Dictionary<(UInt128, string), KqlValue[]>>(Comparer<int>.Create((a, b) => b.CompareTo(a)));
        foreach (var row in inputs[1])
        {
            if (Network(Conversion.ToText(row[network])) is var (start, length))
            {
                if (!networks.TryGetValue(length, out var known))
                {
                    networks[length] = known = [];
                }

                _ = known.TryAdd((Masked(start, length), Keys(row, e => e.Lookup)), row);
            }
        }

        var unmatched = new List<KqlValue[]>();
        foreach (var row in inputs[0])
        {
            if (Find(networks, row) is { } found)
            {
                yield return [.. row[..width], .. kept.Select(k => found[k])];
            }
            else if (keepsUnmatched)
            {
                unmatched.Add(row);
            }
        }

        foreach (var row in unmatched)
        {
            yield return [.. row[..width], .. kept.Select(k => KqlValue.Null(lookup.Columns[k].Type))];
        }
    }

    private KqlValue[]? Find(SortedDictionary<int, Dictionary<(UInt128, string), KqlValue[]>> networks, KqlValue[] row)
    {
        if (Network(Conversion.ToText(row[address])) is not var (start, own))
        {
            return null;
        }

        var keys = Keys(row, e => e.Source);
        foreach (var (length, known) in networks)
        {
            if (length <= own && known.TryGetValue((Masked(start, length), keys), out var found))
            {
                return found;
            }
        }

        return null;
    }

    private string Keys(KqlValue[] row, Func<(int Source, int Lookup), int> side) => extra.Length == 0 ? "" : string.Join('\u0001', extra.Select(e => Json.Of(row[side(e)])));

    private static UInt128 Masked(UInt128 address, int length) => length == 0 ? 0 : address & (UInt128.MaxValue << (128 - length));

    /// <summary>As 128 bits; an IPv4 address is one of the mapped ones.</summary>
    private (UInt128 Start, int Length)? Network(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var body = (slash < 0 ? text : text[..slash]).Trim();
        if (!IPAddress.TryParse(body, out var address) || (!isV6 && (address.AddressFamily != AddressFamily.InterNetwork || body.Count(c => c == '.') != 3)))
        {
            return null;
        }

        var offset = address.AddressFamily == AddressFamily.InterNetwork ? 96 : 0;
        var length = 128;
        if (slash >= 0)
        {
            if (!int.TryParse(text.AsSpan(slash + 1), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bits) || bits > 128 - offset)
            {
                return null;
            }

            length = bits + offset;
        }

        return (System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(address.MapToIPv6().GetAddressBytes()), length);
    }

    private int IndexOf(PluginCall call, int argument) =>
        call.Expression(argument) is Binding.Tree.BoundColumn column ? IndexIn(lookup, column.Name) : throw new PlanRefusal($"{Name} expects a column of its table as argument {argument + 1}.");

    private static int IndexIn(RowShape shape, string name)
    {
        for (var i = 0; i < shape.Columns.Count; i++)
        {
            if (shape.Columns[i].Name == name)
            {
                return i;
            }
        }

        throw new PlanRefusal($"There is no column '{name}' to look up by.");
    }
}
