namespace Bartizan.Connectors.WindowsEvents;

/// <summary>An event of a Windows log, whichever forwarder wrote it.</summary>
internal sealed class WindowsEvent
{
    private readonly List<KeyValuePair<string, string>> fields = [];
    private readonly Dictionary<string, string> byName = new(StringComparer.OrdinalIgnoreCase);

    public string Channel { get; set; } = "";

    public string Provider { get; set; } = "";

    public int Id { get; set; }

    public string Computer { get; set; } = "";

    public DateTime? Time { get; set; }

    public string Message { get; set; } = "";

    public string Level { get; set; } = "";

    public string LevelName { get; set; } = "";

    public string Keywords { get; set; } = "";

    public string Task { get; set; } = "";

    public string Opcode { get; set; } = "";

    public string RecordId { get; set; } = "";

    public string ProcessId { get; set; } = "";

    public string ThreadId { get; set; } = "";

    public string UserId { get; set; } = "";

    /// <summary>The account that wrote the event, as <c>DOMAIN\name</c>, where the forwarder resolved it.</summary>
    public string UserName { get; set; } = "";

    /// <summary>The event's own fields in the order they came.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => fields;

    public bool IsSecurity => Channel.Equals("Security", StringComparison.OrdinalIgnoreCase);

    public bool IsSysmon => Channel.StartsWith("Microsoft-Windows-Sysmon", StringComparison.OrdinalIgnoreCase) || Channel.StartsWith("Linux-Sysmon", StringComparison.OrdinalIgnoreCase);

    /// <summary>A field by name; "" when it is not there or is the dash that stands for nothing.</summary>
    public string this[string name] => byName.GetValueOrDefault(name) is { } value && value != "-" ? value : "";

    public void Add(string name, string value)
    {
        if (byName.TryAdd(name, value))
        {
            fields.Add(new(name, value));
        }
    }

    public void Clear()
    {
        fields.Clear();
        byName.Clear();
        Channel = Provider = Computer = Message = Level = LevelName = Keywords = Task = Opcode = RecordId = ProcessId = ThreadId = UserId = UserName = "";
        Id = 0;
        Time = null;
    }
}
