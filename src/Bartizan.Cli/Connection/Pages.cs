using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;

namespace Bartizan.Cli.Connection;

/// <summary>Follows the links of a list to its end.</summary>
internal static class Pages
{
    public static async Task<Outcome<IReadOnlyList<T>>> AllAsync<T>(BartizanClient client, Outcome<ArmList<T>> first, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        var page = first;
        while (page.TryGetValue(out var list, out _))
        {
            all.AddRange(list.Value);
            if (list.NextLink is null)
            {
                return all;
            }

            page = await client.PageAsync<T>(list.NextLink, cancellationToken);
        }

        return page.Problem!;
    }
}
