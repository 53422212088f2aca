using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;

namespace Bartizan.Server.Api.Arm;

/// <summary>The answers of ARM routes: a value or its refusal, lists with the link to their next page, etags in the header too.</summary>
internal static class ArmResults
{
    /// <summary>A value, or the refusal; <paramref name="status"/> for the value.</summary>
    public static IResult Of<T>(Outcome<T> outcome, int status = StatusCodes.Status200OK) =>
        outcome.TryGetValue(out var value, out var problem) ? Value(value, status) : ArmErrors.Result(problem);

    /// <summary>What a room gave, translated for the wire, or the refusal.</summary>
    public static IResult Of<T, TWire>(Outcome<T> outcome, Func<T, TWire> translate, int status = StatusCodes.Status200OK) =>
        outcome.TryGetValue(out var value, out var problem) ? Value(translate(value), status) : ArmErrors.Result(problem);

    public static IResult Value<T>(T value, int status = StatusCodes.Status200OK) => new Answer<T>(value, status, null);

    /// <summary>A resource with its etag as <c>ETag</c> header.</summary>
    public static IResult Resource<T>(ArmResource<T> resource, int status = StatusCodes.Status200OK) => new Answer<ArmResource<T>>(resource, status, resource.Etag);

    /// <summary>One page of a list. <paramref name="continuation"/> is what the room gave for the next page, null on the last.</summary>
    public static IResult Page<T>(IReadOnlyList<T> items, string? continuation, ListQuery query, long? count = null) =>
        Value(new ArmList<T> { Value = items, NextLink = query.NextLink(continuation), Count = query.WantsCount ? count : null });

    /// <summary>A list that is held in memory: pages it here.</summary>
    public static IResult Page<T>(IReadOnlyList<T> all, ListQuery query)
    {
        if (!query.TryReadOffset(out var offset, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var items = all.Skip(offset).Take(query.Top).ToList();
        var next = offset + items.Count;
        return Page(items, next < all.Count ? ListQuery.Offset(next) : null, query, all.Count);
    }

    /// <summary>Azure's two answers to a removal: 200 when there was something, 204 when there was not.</summary>
    public static IResult Deleted(Outcome<bool> outcome) =>
        outcome.TryGetValue(out var existed, out var problem) ? (existed ? Results.Ok() : Results.NoContent()) : ArmErrors.Result(problem);

    private sealed class Answer<T>(T value, int status, string? etag) : IResult, IStatusCodeHttpResult, IValueHttpResult
    {
        public int? StatusCode => status;

        public object? Value => value;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            if (etag is not null)
            {
                httpContext.Response.Headers.ETag = etag.StartsWith('"') ? etag : $"\"{etag}\"";
            }

            return httpContext.Response.WriteAsJsonAsync(value, BartizanClient.Json, "application/json; charset=utf-8", httpContext.RequestAborted);
        }
    }
}
