using Bartizan.Store.Records;

namespace Bartizan.Detection.Incidents;

/// <summary>The change of a comment or a task that is written together with its incident.</summary>
internal sealed record PartWrite(Guid Id, bool IsTask, IncidentComment? Comment, IncidentTask? Task, RecordChange Change)
{
    public static PartWrite Of(Guid id, IncidentComment comment, RecordChange change) => new(id, false, comment, null, change);

    public static PartWrite Of(Guid id, IncidentTask task, RecordChange change) => new(id, true, null, task, change);

    public static PartWrite CommentGone(Guid id, RecordChange change) => new(id, false, null, null, change);

    public static PartWrite TaskGone(Guid id, RecordChange change) => new(id, true, null, null, change);

    /// <summary>The change of something that the incident's row does not show.</summary>
    public static PartWrite Beside(Guid id, RecordChange change) => new(id, false, null, null, change);

    /// <summary>The comments and tasks of the incident as they are after this change.</summary>
    public IncidentParts Apply(IncidentParts parts) => IsTask
        ? parts with { Tasks = [.. parts.Tasks.Where(t => t.Id != Id), .. Task is null ? Array.Empty<IncidentTask>() : [Task]] }
        : parts with { Comments = [.. parts.Comments.Where(c => c.Id != Id), .. Comment is null ? Array.Empty<IncidentComment>() : [Comment]] };
}

/// <summary>What the row of an incident shows beside the incident itself.</summary>
internal sealed record IncidentParts(IReadOnlyList<IncidentComment> Comments, IReadOnlyList<IncidentTask> Tasks)
{
    public static IncidentParts None { get; } = new([], []);
}
