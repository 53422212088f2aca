using Bartizan.Policy.Values;

namespace Bartizan.Policy.Effects;

/// <summary>One change that modify or append would make to a resource.</summary>
/// <param name="Operation">add, addOrReplace or remove; append counts as add.</param>
/// <param name="Field">The field to write, with its expressions worked out.</param>
/// <param name="Value">What to write; undefined for remove.</param>
/// <param name="Applies">Whether the operation's own condition holds for the resource.</param>
public sealed record FieldChange(string Operation, string Field, PolicyValue Value, bool Applies);

/// <summary>The deployment that deployIfNotExists would make.</summary>
/// <param name="EvaluationDelay">When to look for the related resource: AfterProvisioning and kin, or an ISO 8601 duration; null for ten minutes.</param>
/// <param name="Scope">ResourceGroup or Subscription.</param>
/// <param name="Parameters">The template's parameters with the policy's expressions worked out.</param>
public sealed record DeploymentPlan(
    IReadOnlyList<string> RoleDefinitionIds, string? EvaluationDelay, string Scope, PolicyValue Template, PolicyValue Parameters);
