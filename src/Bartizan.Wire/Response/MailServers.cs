namespace Bartizan.Wire.Response;

/// <summary>Ours: <c>Microsoft.Bartizan/mailServers</c>.</summary>
public sealed record MailServerProperties
{
    public string Host { get; init; } = "";

    public int Port { get; init; } = 587;

    /// <summary>None (on this machine only), StartTls or Tls.</summary>
    public string Security { get; init; } = "StartTls";

    public string From { get; init; } = "";

    public string? UserName { get; init; }

    /// <summary>Sent to set it; never given back.</summary>
    public string? Password { get; init; }

    /// <summary>The address of this server as people reach it, for links in mail.</summary>
    public string? Portal { get; init; }
}

/// <summary>The body of a test: whom to send a mail to.</summary>
public sealed record MailTestRequest(string To);
