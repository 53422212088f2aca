using System.Reflection;
using Bartizan.Store.Records;

namespace Bartizan.Server.Api.Arm;

/// <summary>The condition on a write: <c>If-Match</c>, else the etag in the body, else <c>If-None-Match: *</c> for "must be new".</summary>
internal sealed class IfMatch
{
    private readonly string? header;

    private IfMatch(string? header) => this.header = header;

    /// <summary>True where the condition stands in a header: a mismatch is then 412, else 409.</summary>
    public bool IsHeader => header is not null;

    /// <summary>For the record store; <paramref name="bodyEtag"/> is what the body carried, if it did.</summary>
    public string? With(string? bodyEtag) => header ?? (string.IsNullOrWhiteSpace(bodyEtag) ? null : bodyEtag.Trim('"'));

    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var match = context.Request.Headers.IfMatch.ToString();
        var none = context.Request.Headers.IfNoneMatch.ToString();
        return ValueTask.FromResult<IfMatch?>(new IfMatch(match.Length > 0 ? match.Trim('"') : none == "*" ? RecordMatch.Absent : null));
    }
}
