using Bartizan.Foundation.Resources;
using Bartizan.Posture.Assignments;

namespace Bartizan.Posture.Fixes;

/// <summary>What would mend one finding: the operation, what it changes, and what the checks would say then.</summary>
/// <param name="Operation">Exactly what is sent.</param>
/// <param name="Changes">The places that change, with what stands there before and after; empty for a deployment.</param>
/// <param name="Effects">Checks of the same resource that would speak otherwise afterwards, the one that is mended among them.</param>
/// <param name="Mends">Whether the check was seen to pass on the changed resource; null for a deployment, whose outcome cannot be foretold.</param>
public sealed record FixProposal(
    Resource Resource, Check Check, FixOperation Operation, IReadOnlyList<FixChange> Changes, IReadOnlyList<FixEffect> Effects, bool? Mends, FixRisk Risk, IReadOnlyList<FixSnippet> Snippets);

/// <summary>One request to the cloud that holds the resource.</summary>
/// <param name="Kind">Patch, of the resource itself, or Deployment, of a template beside it.</param>
/// <param name="Target">The address that it is sent to: the resource's id, or the deployment's.</param>
/// <param name="Body">JSON: the parts of the resource that change, each whole; or the deployment.</param>
/// <param name="Undo">JSON of the same form that puts back what was there; null where nothing can.</param>
public sealed record FixOperation(string Kind, string Target, string Body, string? Undo)
{
    public const string Patch = "Patch";

    public const string Deployment = "Deployment";
}

/// <summary>One place in the resource.</summary>
/// <param name="Path">Such as <c>properties.minimumTlsVersion</c>.</param>
/// <param name="Before">JSON; null where there is nothing.</param>
/// <param name="After">JSON; null where nothing is left.</param>
public sealed record FixChange(string Path, string? Before, string? After);

/// <summary>A check that would judge the resource otherwise.</summary>
public sealed record FixEffect(string Key, string DisplayName, string Before, string After);

/// <summary>How much care the change needs.</summary>
/// <param name="Level">Low, Moderate or High: what people notice, as the check's author says, raised where another check would fail then.</param>
/// <param name="Notes">What to know before.</param>
public sealed record FixRisk(string Level, IReadOnlyList<string> Notes);

/// <summary>The same change for a tool that people have.</summary>
/// <param name="Tool">Azure CLI, Bicep, Terraform, AWS CLI, gcloud or kubectl.</param>
/// <param name="Language">For its colours: bash, bicep, hcl.</param>
public sealed record FixSnippet(string Tool, string Language, string Text);
