namespace Bartizan.Wire.Response;

/// <summary>Ours: <c>Microsoft.Bartizan/taxiiFeeds</c>.</summary>
public sealed record TaxiiFeedProperties
{
    /// <summary>The API root of a TAXII 2.1 server, such as https://taxii.example.com/api1.</summary>
    public string ApiRoot { get; init; } = "";

    public string CollectionId { get; init; } = "";

    public string? UserName { get; init; }

    /// <summary>Sent to set it; never given back.</summary>
    public string? Password { get; init; }

    public int EveryMinutes { get; init; } = 60;

    /// <summary>Days that the first reading goes back; 0 for all there is.</summary>
    public int LookbackDays { get; init; } = 30;

    public bool Enabled { get; init; } = true;

    public DateTimeOffset? LastPoll { get; init; }

    public long? IndicatorsTaken { get; init; }

    public string? LastError { get; init; }
}
