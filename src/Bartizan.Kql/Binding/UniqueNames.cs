namespace Bartizan.Kql.Binding;

/// <summary>Makes column names unique as Kusto does: the second <c>X</c> is <c>X1</c>.</summary>
internal sealed class UniqueNames
{
    private readonly Dictionary<string, int> last = new(StringComparer.Ordinal);

    public void Reserve(string name) => last.TryAdd(name, 0);

    public string Add(string name)
    {
        if (last.TryAdd(name, 0))
        {
            return name;
        }

        for (var number = last[name] + 1; ; number++)
        {
            var candidate = name + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (last.TryAdd(candidate, 0))
            {
                last[name] = number;
                return candidate;
            }
        }
    }
}
