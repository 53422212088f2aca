namespace Bartizan.Wire.Logs;

/// <summary>What became of an import of events or resources.</summary>
/// <param name="Accepted">Durable before this was answered.</param>
/// <param name="Problems">The first refusals, each with its place; the others are in the dead-letter table.</param>
public sealed record ImportReceipt(string Target, long Accepted, long Rejected, IReadOnlyList<ImportProblem> Problems)
{
    /// <summary>Rows per table, where one input filled several.</summary>
    public IReadOnlyDictionary<string, long> Tables { get; init; } = new Dictionary<string, long>();

    /// <summary>Rows or resources that were there already.</summary>
    public long Unchanged { get; init; }

    /// <summary>The time that the events span, where they have one.</summary>
    public DateTimeOffset? FirstEvent { get; init; }

    public DateTimeOffset? LastEvent { get; init; }
}

public sealed record ImportProblem(string? File, long? Line, string Reason);
