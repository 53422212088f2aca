namespace Bartizan.Server.Api.Arm;

/// <summary>Says of a route what it lacks beside Azure's; <c>docs/conformance/api.md</c> is made from it.</summary>
internal sealed record ArmPartial(string Missing)
{
    public override string ToString() => Missing;
}

/// <summary>How a route is declared to be less than Azure's.</summary>
internal static class ArmPartialRoutes
{
    public static TBuilder Partly<TBuilder>(this TBuilder builder, string missing)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ArmPartial(missing));
}
