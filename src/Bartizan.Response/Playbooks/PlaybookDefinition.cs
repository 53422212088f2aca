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
/// <param name="Branches">The actions within it: <c>actions</c>, <c>else</c> of a condition, each case of a switch by its name, and <c>default</c>.</param>
internal sealed record PlaybookAction(
    string Name, string Type, IReadOnlyDictionary<string, IReadOnlyList<StepStatus>> RunAfter, JsonObject Json, IReadOnlyDictionary<string, IReadOnlyList<PlaybookAction>> Branches)
{
    public JsonNode? Inputs => Json["inputs"];
}

/// <summary>A workflow definition that can be run here.</summary>
/// <param name="Trigger">What sets it off; null where it takes whatever it is started on.</param>
internal sealed record PlaybookDefinition(PlaybookTrigger? Trigger, IReadOnlyDictionary<string, JsonNode?> Parameters, IReadOnlyList<PlaybookAction> Actions);
