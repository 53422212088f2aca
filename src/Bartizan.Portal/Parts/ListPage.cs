using Bartizan.Foundation.Outcomes;

namespace Bartizan.Portal.Parts;

/// <summary>One page of a server's list, and how to ask for the next.</summary>
/// <param name="Next">What the list gives to continue, or null at its end.</param>
/// <param name="Total">How many there are in all, where the server counts.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? Next, long? Total = null);

/// <summary>Reads one page; the continuation is null for the first.</summary>
public delegate Task<Outcome<ListPage<T>>> ListSource<T>(string? continuation, CancellationToken cancellation);
