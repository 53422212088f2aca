using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;

namespace Bartizan.Cli.Check;

/// <summary>A resource that a file would make, in the shape that checks see.</summary>
/// <param name="Address">What the file calls it.</param>
internal sealed record DeclaredResource(string File, int Line, int Column, string Address, CloudEnvironment Environment, PolicyResource Resource)
{
    /// <summary>The paths below <c>properties</c> that the file can say; null where it says all there is to know.</summary>
    public IReadOnlyCollection<string>? Known { get; init; }
}

/// <summary>A part of a file that is left out, and why.</summary>
internal sealed record LeftOut(string File, int Line, string Address, string Reason);

/// <summary>What one file declares.</summary>
internal sealed record DeclaredFile(string File, string Format, IReadOnlyList<DeclaredResource> Resources, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>What comes with the resources, and is found by existence conditions only.</summary>
    public IReadOnlyList<PolicyResource> Companions { get; init; } = [];

    /// <summary>Values that the file itself calls secret; they are never written.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];
}
