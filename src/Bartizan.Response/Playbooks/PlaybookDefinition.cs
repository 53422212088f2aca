using System.Text.Json.Nodes;

namespace Bartizan.Response.Playbooks;

/// <summary>How an action, or a whole run, ended.</summary>
public enum StepStatus
{
    Waiting,
    Running,
    Succeeded,
    Failed,
    TimedOut,
    Skipped,
    Cancelled,
}

/// <summary>One action of a playbook.</summary>
/// <param name="Type">In lower case.</param>
/// <param name="RunAfter">Its predecessors, and how each must have ended.</param>
/// <param name="Json">Its definition.</param>
/// <param name="Branches">The actions within it: <c>actions</c>, and <c>else</c> of a condition.</param>
internal sealed record PlaybookAction(
    string Name, string Type, IReadOnlyDictionary<string, IReadOnlyList<StepStatus>> RunAfter, JsonObject Json, IReadOnlyDictionary<string, IReadOnlyList<PlaybookAction>> Branches)
{
    public JsonNode? Inputs => Json["inputs"];
}

/// <summary>A workflow definition that can be run here.</summary>
internal sealed record PlaybookDefinition(IReadOnlyDictionary<string, JsonNode?> Parameters, IReadOnlyList<PlaybookAction> Actions);
