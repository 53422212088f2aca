namespace Bartizan.Response.Playbooks;

/// <summary>What playbooks may do.</summary>
public sealed class PlaybookOptions
{
    /// <summary>Hosts that HTTP actions may call beside this machine; none unless the operator names them.</summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];
}
