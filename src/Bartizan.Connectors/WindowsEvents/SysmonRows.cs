using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>Sysmon's events as rows of advanced hunting.</summary>
internal static class SysmonRows
{
    public static void Write(WindowsEvent e, RowJson row, RecordSink sink)
    {
        switch (e.Id)
        {
            case 1:
                WriteProcess(e, row, sink);
                break;
            case 3:
                WriteConnection(e, row, sink);
                break;
            case 7:
                Initiator(e, Hashes(e, File(DeviceRows.Begin(e, row, "ImageLoaded"), e["ImageLoaded"])))
                    .Append(sink, "DeviceImageLoadEvents");
                break;
            case 2 or 11 or 15 or 23 or 26:
                Initiator(e, Hashes(e, File(DeviceRows.Begin(e, row, e.Id switch { 2 => "FileModified", 11 or 15 => "FileCreated", _ => "FileDeleted" }), e["TargetFilename"])))
                    .Append(sink, "DeviceFileEvents");
                break;
            case 12 or 13 or 14:
                WriteRegistry(e, row, sink);
                break;
            case 6:
                Hashes(e, File(DeviceRows.Begin(e, row, "DriverLoad"), e["ImageLoaded"])).Bag("AdditionalFields", ("Signed", e["Signed"]), ("Signature", e["Signature"]))
                    .Append(sink, "DeviceEvents");
                break;
            case 8:
                Target(e, DeviceRows.Begin(e, row, "CreateRemoteThreadApiCall"))
                    .Bag("AdditionalFields", ("StartAddress", e["StartAddress"]), ("StartModule", e["StartModule"]), ("StartFunction", e["StartFunction"]))
                    .Append(sink, "DeviceEvents");
                break;
            case 10 when e["TargetImage"].EndsWith("\\lsass.exe", StringComparison.OrdinalIgnoreCase):
                // Processes open each other all the time; the one that holds credentials is the one that matters.
                Target(e, DeviceRows.Begin(e, row, "OpenProcessApiCall")).Bag("AdditionalFields", ("DesiredAccess", e["GrantedAccess"]), ("CallTrace", e["CallTrace"]))
                    .Append(sink, "DeviceEvents");
                break;
            case 17 or 18:
                Initiator(e, DeviceRows.Begin(e, row, "NamedPipeEvent"))
                    .Bag("AdditionalFields", ("PipeName", e["PipeName"]), ("NamedPipeEnd", e.Id == 17 ? "Server" : "Client"), ("EventType", e["EventType"]))
                    .Append(sink, "DeviceEvents");
                break;
            case 19 or 20 or 21:
                DeviceRows.Begin(e, row, "WmiBindEventFilterToConsumer").Text("InitiatingProcessAccountName", Name(e["User"])).Text("InitiatingProcessAccountDomain", Domain(e["User"]))
                    .Bag("AdditionalFields", ("Operation", e["Operation"]), ("Consumer", Any(e, "Consumer", "Destination")), ("Filter", e["Filter"]), ("Query", e["Query"]), ("Name", e["Name"]))
                    .Append(sink, "DeviceEvents");
                break;
            case 22:
                Initiator(e, DeviceRows.Begin(e, row, "DnsQueryResponse")).Text("RemoteUrl", e["QueryName"])
                    .Bag("AdditionalFields", ("DnsQueryString", e["QueryName"]), ("DnsQueryResult", e["QueryResults"]), ("QueryStatus", e["QueryStatus"]))
                    .Append(sink, "DeviceEvents");
                break;
            case 25:
                Initiator(e, DeviceRows.Begin(e, row, "ProcessTampering")).Bag("AdditionalFields", ("Type", e["Type"])).Append(sink, "DeviceEvents");
                break;
        }
    }

    private static void WriteProcess(WindowsEvent e, RowJson row, RecordSink sink)
    {
        Hashes(e, File(DeviceRows.Begin(e, row, "ProcessCreated"), e["Image"])).Text("ProcessCommandLine", e["CommandLine"])
            .Number("ProcessId", DeviceRows.Number(e["ProcessId"])).Text("ProcessUniqueId", e["ProcessGuid"]).Time("ProcessCreationTime", e.Time)
            .Text("ProcessIntegrityLevel", e["IntegrityLevel"]).Number("LogonId", DeviceRows.Number(e["LogonId"]))
            .Text("AccountName", Name(e["User"])).Text("AccountDomain", Domain(e["User"]))
            .Text("ProcessVersionInfoCompanyName", e["Company"]).Text("ProcessVersionInfoProductName", e["Product"]).Text("ProcessVersionInfoProductVersion", e["FileVersion"])
            .Text("ProcessVersionInfoOriginalFileName", e["OriginalFileName"]).Text("ProcessVersionInfoFileDescription", e["Description"])
            .Text("InitiatingProcessFileName", DeviceRows.FileName(e["ParentImage"])).Text("InitiatingProcessFolderPath", e["ParentImage"])
            .Text("InitiatingProcessCommandLine", e["ParentCommandLine"]).Number("InitiatingProcessId", DeviceRows.Number(e["ParentProcessId"]))
            .Text("InitiatingProcessUniqueId", e["ParentProcessGuid"])
            .Text("InitiatingProcessAccountName", Name(Any(e, "ParentUser", "User"))).Text("InitiatingProcessAccountDomain", Domain(Any(e, "ParentUser", "User")))
            .Bag("AdditionalFields", ("CurrentDirectory", e["CurrentDirectory"]), ("TerminalSessionId", e["TerminalSessionId"]));
        row.Append(sink, "DeviceProcessEvents");
    }

    private static void WriteConnection(WindowsEvent e, RowJson row, RecordSink sink)
    {
        // Source is this device when it began the connection; otherwise the other side came to us.
        var began = !e["Initiated"].Equals("false", StringComparison.OrdinalIgnoreCase);
        var (own, other) = began ? ("Source", "Destination") : ("Destination", "Source");
        Initiator(e, DeviceRows.Begin(e, row, began ? "ConnectionSuccess" : "InboundConnectionAccepted"))
            .Text("LocalIP", e[own + "Ip"]).Number("LocalPort", DeviceRows.Number(e[own + "Port"]))
            .Text("RemoteIP", e[other + "Ip"]).Number("RemotePort", DeviceRows.Number(e[other + "Port"]))
            .Text("RemoteUrl", e[other + "Hostname"]).Text("Protocol", e["Protocol"] is { Length: > 0 } p ? char.ToUpperInvariant(p[0]) + p[1..] : "")
            .Append(sink, "DeviceNetworkEvents");
    }

    private static void WriteRegistry(WindowsEvent e, RowJson row, RecordSink sink)
    {
        var (action, isValue) = (e.Id, e["EventType"]) switch
        {
            (13, _) => ("RegistryValueSet", true),
            (14, "RenameValue") => ("RegistryValueRenamed", true),
            (14, _) => ("RegistryKeyRenamed", false),
            (_, "DeleteKey") => ("RegistryKeyDeleted", false),
            (_, "DeleteValue") => ("RegistryValueDeleted", true),
            (_, "CreateValue") => ("RegistryValueSet", true),
            _ => ("RegistryKeyCreated", false),
        };
        var path = Hive(e["TargetObject"]);
        var split = isValue ? path.LastIndexOf('\\') : -1;
        Initiator(e, DeviceRows.Begin(e, row, action)).Text("RegistryKey", split < 0 ? path : path[..split]).Text("RegistryValueName", split < 0 ? "" : path[(split + 1)..])
            .Text("RegistryValueData", e["Details"]).Append(sink, "DeviceRegistryEvents");
    }

    private static string Hive(string path)
    {
        foreach (var (shortName, name) in (ReadOnlySpan<(string, string)>)[("HKLM\\", "HKEY_LOCAL_MACHINE\\"), ("HKU\\", "HKEY_USERS\\"), ("HKCR\\", "HKEY_CLASSES_ROOT\\"), ("HKCU\\", "HKEY_CURRENT_USER\\")])
        {
            if (path.StartsWith(shortName, StringComparison.OrdinalIgnoreCase))
            {
                return name + path[shortName.Length..];
            }
        }

        return path;
    }

    private static RowJson File(RowJson row, string path) => row.Text("FileName", DeviceRows.FileName(path)).Text("FolderPath", path);

    /// <summary><c>SHA1=…,MD5=…,SHA256=…,IMPHASH=…</c></summary>
    private static RowJson Hashes(WindowsEvent e, RowJson row)
    {
        foreach (var part in Any(e, "Hashes", "Hash").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var mark = part.IndexOf('=', StringComparison.Ordinal);
            if (mark > 0 && part[..mark].ToUpperInvariant() is "SHA1" or "MD5" or "SHA256")
            {
                row.Text(part[..mark].ToUpperInvariant(), part[(mark + 1)..].ToLowerInvariant());
            }
        }

        return row;
    }

    private static RowJson Initiator(WindowsEvent e, RowJson row) => row
        .Text("InitiatingProcessFileName", DeviceRows.FileName(e["Image"])).Text("InitiatingProcessFolderPath", e["Image"])
        .Number("InitiatingProcessId", DeviceRows.Number(e["ProcessId"])).Text("InitiatingProcessUniqueId", e["ProcessGuid"])
        .Text("InitiatingProcessAccountName", Name(e["User"])).Text("InitiatingProcessAccountDomain", Domain(e["User"]));

    /// <summary>One process acts on another.</summary>
    private static RowJson Target(WindowsEvent e, RowJson row) => File(row, e["TargetImage"]).Number("ProcessId", DeviceRows.Number(e["TargetProcessId"]))
        .Text("InitiatingProcessFileName", DeviceRows.FileName(e["SourceImage"])).Text("InitiatingProcessFolderPath", e["SourceImage"])
        .Number("InitiatingProcessId", DeviceRows.Number(e["SourceProcessId"])).Text("InitiatingProcessUniqueId", Any(e, "SourceProcessGUID", "SourceProcessGuid"))
        .Text("AccountName", Name(e["TargetUser"])).Text("AccountDomain", Domain(e["TargetUser"]))
        .Text("InitiatingProcessAccountName", Name(e["SourceUser"])).Text("InitiatingProcessAccountDomain", Domain(e["SourceUser"]));

    private static string Any(WindowsEvent e, string first, string second) => e[first] is { Length: > 0 } value ? value : e[second];

    private static string Name(string user) => user[(user.IndexOf('\\', StringComparison.Ordinal) + 1)..];

    private static string Domain(string user) => user.IndexOf('\\', StringComparison.Ordinal) is > 0 and var i ? user[..i] : "";
}
