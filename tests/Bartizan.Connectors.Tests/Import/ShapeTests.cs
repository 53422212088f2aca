using System.Text;
using System.Text.Json;
using Bartizan.Connectors.Import;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Bartizan.Testing;

namespace Bartizan.Connectors.Tests.Import;

/// <summary>The same event in the shapes that forwarders and exports give it.</summary>
public sealed class ShapeTests : IDisposable
{
    private readonly DataFolder store = DataFolder.Open(new StoreOptions { ContentFolder = Path.Combine(RepositoryRoot.Path, "content"), MemoryMegabytes = 256 }, TimeProvider.System).Value;

    public void Dispose() => store.Dispose();

    public static TheoryData<string, string> ProcessStarts => new()
    {
        { "flat, with the event's fields beside the header", """{"@timestamp":"2026-05-04T10:00:05Z","Channel":"Microsoft-Windows-Sysmon/Operational","EventID":1,"Hostname":"ws-07","Image":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami /all"}""" },
        { "Winlogbeat", """{"@timestamp":"2026-05-04T10:00:05Z","winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":1,"computer_name":"ws-07","event_data":{"Image":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami /all"}}}""" },
        { "Winlogbeat of old", """{"@timestamp":"2026-05-04T10:00:05Z","log_name":"Microsoft-Windows-Sysmon/Operational","event_id":1,"source_name":"Microsoft-Windows-Sysmon","computer_name":"ws-07","event_data":{"Image":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami /all"}}""" },
        { "Elastic's common schema", """{"@timestamp":"2026-05-04T10:00:05Z","process":{"executable":"C:\\Windows\\System32\\whoami.exe","command_line":"whoami /all"},"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","event_id":"1","computer_name":"ws-07","event_data":{}}}""" },
        { "HELK's names", """{"@timestamp":"2026-05-04T10:00:05Z","log_name":"Microsoft-Windows-Sysmon/Operational","event_id":1,"host_name":"ws-07","process_path":"C:\\Windows\\System32\\whoami.exe","process_command_line":"whoami /all"}""" },
        { "the event's XML as JSON", """{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1,"TimeCreated":{"#attributes":{"SystemTime":"2026-05-04T10:00:05Z"}},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"ws-07"},"EventData":{"Image":"C:\\Windows\\System32\\whoami.exe","CommandLine":"whoami /all"}}}""" },
        { "the text alone, as PowerShell lists events", """{"TimeCreated":"/Date(1777888805000)/","Id":1,"LogName":"Microsoft-Windows-Sysmon/Operational","ProviderName":"Microsoft-Windows-Sysmon","MachineName":"ws-07","Message":"Process Create:\r\nUtcTime: 2026-05-04 10:00:05.000\r\nImage: C:\\Windows\\System32\\whoami.exe\r\nCommandLine: whoami /all\r\n"}""" },
        { "XML", Xml },
        { "XML inside an export of Splunk", JsonSerializer.Serialize(new { preview = false, result = new { _raw = Xml } }) },
        { "XML in a line of syslog", "May  4 10:00:05 ws-07 sysmon: " + Xml },
    };

    private static string Xml =>
        "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID><Level>4</Level>"
        + "<TimeCreated SystemTime='2026-05-04T10:00:05.0000000Z'/><Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>ws-07</Computer></System>"
        + @"<EventData><Data Name='Image'>C:\Windows\System32\whoami.exe</Data><Data Name='CommandLine'>whoami /all</Data></EventData></Event>";

    [Theory]
    [MemberData(nameof(ProcessStarts))]
    public void A_process_start_is_the_same_row_in_every_shape(string shape, string record)
    {
        var row = Assert.Single(Map(record), r => r.Table == "DeviceProcessEvents").Row;

        Assert.True(row.GetProperty("FileName").GetString() == "whoami.exe", shape);
        Assert.Equal("whoami /all", row.GetProperty("ProcessCommandLine").GetString());
        Assert.Equal("ws-07", row.GetProperty("DeviceName").GetString());
        Assert.Equal(new DateTimeOffset(2026, 5, 4, 10, 0, 5, TimeSpan.Zero), row.GetProperty("TimeGenerated").GetDateTimeOffset());
    }

    [Fact]
    public void Sysmon_of_Linux_and_osquery_fill_the_same_table()
    {
        var sysmon = Map(Xml.Replace("Microsoft-Windows-Sysmon", "Linux-Sysmon", StringComparison.Ordinal).Replace(@"C:\Windows\System32\whoami.exe", "/usr/bin/whoami", StringComparison.Ordinal));
        var osquery = Map("""{"name":"process_events","hostIdentifier":"web-03","unixTime":1777888805,"columns":{"path":"/usr/bin/whoami","cmdline":"whoami","pid":"5","uid":"0"},"action":"added"}""");

        Assert.Equal("/usr/bin/whoami", Assert.Single(sysmon, r => r.Table == "DeviceProcessEvents").Row.GetProperty("FolderPath").GetString());
        Assert.Equal("/usr/bin/whoami", Assert.Single(osquery, r => r.Table == "DeviceProcessEvents").Row.GetProperty("FolderPath").GetString());
    }

    [Fact]
    public void User_data_of_XML_and_data_without_names_are_kept()
    {
        var cleared = Map("<Event><System><Provider Name='Microsoft-Windows-Eventlog'/><EventID>1102</EventID><Channel>Security</Channel><Computer>dc01</Computer></System>"
            + "<UserData><LogFileCleared xmlns='x'><SubjectUserName>ana</SubjectUserName></LogFileCleared></UserData></Event>");
        var started = Map("<Event><System><Provider Name='Service Control Manager'/><EventID Qualifiers='16384'>7036</EventID><Channel>System</Channel><Computer>dc01</Computer></System>"
            + "<EventData><Data>Print Spooler</Data><Data>stopped</Data></EventData></Event>");

        Assert.Equal("ana", Assert.Single(cleared, r => r.Table == "SecurityEvent").Row.GetProperty("SubjectUserName").GetString());
        Assert.Contains("""<Data Name="param2">stopped</Data>""", Assert.Single(started, r => r.Table == "Event").Row.GetProperty("EventData").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void XML_that_is_cut_off_or_declares_entities_is_refused()
    {
        Assert.Contains("neither", Assert.Single(Map("<Event><System><EventID>1</EventID>")).Table, StringComparison.Ordinal);
        Assert.Contains("neither", Assert.Single(Map("<!DOCTYPE a [<!ENTITY x 'y'>]><Event><System><EventID>&x;</EventID></System></Event>")).Table, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_logs_of_Google_Cloud_and_Kubernetes_and_connections_of_Zeek_find_their_tables()
    {
        var gcp = Assert.Single(Map("""{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"ana@contoso.com"},"serviceName":"iam.googleapis.com","methodName":"google.iam.admin.v1.CreateServiceAccountKey"},"timestamp":"2026-05-04T10:00:05Z","resource":{"type":"project","labels":{"project_id":"p"}}}"""));
        var kubernetes = Assert.Single(Map("""{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","verb":"create","stageTimestamp":"2026-05-04T10:00:05Z","objectRef":{"resource":"pods","subresource":"exec"}}"""));
        var zeek = Assert.Single(Map("""{"ts":1777888805.5,"uid":"C1","id.orig_h":"10.0.0.5","id.orig_p":50000,"id.resp_h":"10.0.0.9","id.resp_p":445,"proto":"tcp","conn_state":"REJ"}"""));

        Assert.Equal(("GCPAuditLogs", "ana@contoso.com"), (gcp.Table, gcp.Row.GetProperty("PrincipalEmail").GetString()));
        Assert.Equal(("AzureDiagnostics", "kube-audit"), (kubernetes.Table, kubernetes.Row.GetProperty("Category").GetString()));
        Assert.Equal("create", JsonDocument.Parse(kubernetes.Row.GetProperty("log_s").GetString()!).RootElement.GetProperty("verb").GetString());
        Assert.Equal(("CommonSecurityLog", "reset", 445), (zeek.Table, zeek.Row.GetProperty("DeviceAction").GetString(), zeek.Row.GetProperty("DestinationPort").GetInt32()));
    }

    /// <summary>A pretty-printed export as the event viewer saves it, through the whole of ingestion.</summary>
    [Fact]
    public async Task An_export_of_XML_over_many_lines_is_cut_into_its_events()
    {
        using var mapper = new ImportMapper(store.Catalog, TimeProvider.System);
        var export = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Events>" + string.Concat(Enumerable.Repeat(Xml.Replace("><", ">\n<", StringComparison.Ordinal), 3)) + "\n</Events>\n";

        var receipt = (await store.Ingestion.AppendAsync(mapper, new MemoryStream(Encoding.UTF8.GetBytes(export)), IngestionOptions.Default, default)).Value;

        Assert.Equal(0, receipt.Rejected);
        Assert.Equal(3, receipt.Tables["DeviceProcessEvents"]);
    }

    private List<(string Table, JsonElement Row)> Map(string record)
    {
        using var mapper = new ImportMapper(store.Catalog, TimeProvider.System);
        var sink = new Rows();
        mapper.Map(Encoding.UTF8.GetBytes(record), sink);
        return sink.All;
    }

    /// <summary>Keeps rows by table; a refusal stands as a row whose table is its reason.</summary>
    private sealed class Rows : RecordSink
    {
        public List<(string Table, JsonElement Row)> All { get; } = [];

        public override void Append(string table, ReadOnlySpan<byte> json) => All.Add((table, JsonDocument.Parse(json.ToArray()).RootElement));

        public override void Refuse(string reason) => All.Add((reason, default));
    }
}
