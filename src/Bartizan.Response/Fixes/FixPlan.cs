using System.Text.Json.Serialization;
using Bartizan.Posture.Fixes;

namespace Bartizan.Response.Fixes;

/// <summary>How far a plan is.</summary>
public enum FixStatus
{
    /// <summary>Written down, waiting for approval.</summary>
    Proposed,
    Approved,
    Rejected,
    Running,
    Succeeded,
    Failed,
    Undone,
}

/// <summary>A fix that was frozen when it was proposed: what is approved is what is carried out.</summary>
/// <param name="Digest">SHA-256 of the operation, in hexadecimal; it is checked before anything is sent.</param>
/// <param name="Key">The assessment that it mends.</param>
public sealed record FixPlan(
    string Name, string Resource, string ResourceName, string ResourceType, string Key, string Title, FixOperation Operation, string Digest,
    IReadOnlyList<FixChange> Changes, IReadOnlyList<FixEffect> Effects, bool? Mends, FixRisk Risk, IReadOnlyList<FixSnippet> Snippets, FixStatus Status, IReadOnlyList<FixStep> Steps);

/// <summary>What happened to a plan, in order.</summary>
/// <param name="Note">A reason that was given, or what the cloud answered.</param>
public sealed record FixStep(DateTimeOffset At, string Who, FixStatus Became, string? Note);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FixPlan))]
[JsonSerializable(typeof(FixOperation))]
internal sealed partial class FixJson : JsonSerializerContext;
