using Bartizan.Foundation.Outcomes;

namespace Bartizan.Store.Records;

/// <summary>The refusals of the record store, in one wording.</summary>
internal static class Refusals
{
    public static Problem Changed(string kind, string id) => new(
        ProblemKind.PreconditionFailed, "PreconditionFailed", $"The {kind} '{id}' was changed by somebody else since it was read. Read it again and repeat the change.", id);

    public static Problem NotFound(string kind, string id) => new(ProblemKind.NotFound, "ResourceNotFound", $"There is no {kind} '{id}'.", id);

    public static Problem UnknownField(string kind, string field) => new(
        ProblemKind.Invalid, "InvalidFilter", $"Records of kind '{kind}' cannot be filtered or ordered by '{field}'.", field);

    /// <summary>Why a change may not be made to a record with this etag (null: it does not exist), or null.</summary>
    public static Problem? Check(RecordChange change, string? etag) => change.IfMatch switch
    {
        null => null,
        RecordMatch.Absent => etag is null
            ? null
            : new Problem(ProblemKind.Conflict, "ResourceExists", $"The {change.Kind} '{change.Id}' exists already.", change.Id),
        RecordMatch.Any => etag is null ? NotFound(change.Kind, change.Id) : null,
        var wanted => etag == wanted.Trim('"') ? null : Changed(change.Kind, change.Id),
    };
}
