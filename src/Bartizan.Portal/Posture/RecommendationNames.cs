using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Posture;

namespace Bartizan.Portal.Posture;

/// <summary>All recommendations in one list; there are as many as there are checks, some hundreds.</summary>
internal static class RecommendationNames
{
    public static async Task<Outcome<ArmList<ArmResource<RecommendationProperties>>>> ReadAsync(BartizanClient client, CancellationToken cancellation)
    {
        var page = await client.Posture.RecommendationsAsync(null, null, "scoreGain desc", 500, cancellation);
        if (!page.TryGetValue(out var first, out var problem))
        {
            return problem;
        }

        if (first.NextLink is null)
        {
            return first;
        }

        var rest = await client.AllAsync<ArmResource<RecommendationProperties>>(first.NextLink, cancellation);
        return rest.TryGetValue(out var others, out problem)
            ? new ArmList<ArmResource<RecommendationProperties>> { Value = [.. first.Value, .. others.Value] }
            : problem;
    }
}
