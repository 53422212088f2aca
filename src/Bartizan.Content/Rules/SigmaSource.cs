using Bartizan.Foundation.Entities;

namespace Bartizan.Content.Rules;

/// <summary>Where the events of a Sigma log source are kept, and how its fields are read there.</summary>
/// <param name="Events">The query that brings the events.</param>
/// <param name="Fields">Fields with another name in the query; a name that is not listed is the column of that name.</param>
/// <param name="Text">The column in which words without a field are looked for; null where there is none.</param>
/// <param name="IsXml">Whether the fields lie in the XML of <c>EventData</c>.</param>
/// <param name="Columns">When not null, the only fields there are.</param>
internal sealed record SigmaSource(
    string Table, string Events, IReadOnlyDictionary<string, string> Fields, string? Text, bool IsXml, IReadOnlySet<string>? Columns, IReadOnlyList<EntityMapping> Entities)
{
    private static readonly IReadOnlyDictionary<string, string> asNamed = new Dictionary<string, string>();

    private static readonly EntityMapping host = new(EntityKind.Host, [new FieldMapping("FullName", "Computer")]);
    private static readonly EntityMapping user = new(EntityKind.Account, [new FieldMapping("FullName", "User")]);
    private static readonly EntityMapping process = new(EntityKind.Process, [new FieldMapping("CommandLine", "CommandLine")]);

    private const string Initiator =
        """Computer = DeviceName, User = strcat(InitiatingProcessAccountDomain, @"\", InitiatingProcessAccountName), Image = InitiatingProcessFolderPath, CommandLine = InitiatingProcessCommandLine, ProcessId = tostring(InitiatingProcessId)""";

    private const string Hashes = """Hashes = strcat("MD5=", MD5, ",SHA1=", SHA1, ",SHA256=", SHA256), md5 = MD5, sha1 = SHA1, sha256 = SHA256""";

    /// <summary>The source of a rule; null when it is none that this product keeps.</summary>
    public static SigmaSource? Find(string product, string category, string service) => (product, category, service) switch
    {
        ("windows" or "", "process_creation", _) => Only("DeviceProcessEvents", $$"""
            union (SecurityEvent | where EventID == 4688
              | project TimeGenerated, Computer, User = Account, Image = NewProcessName, CommandLine, ParentImage = ParentProcessName, ParentCommandLine = "", OriginalFileName = "", Company = "", Product = "", Description = "", CurrentDirectory = "", IntegrityLevel = "", LogonId = tostring(SubjectLogonId), ProcessId = tostring(NewProcessId), Hashes = "", md5 = "", sha1 = "", sha256 = ""),
              (DeviceProcessEvents
              | project TimeGenerated, Computer = DeviceName, User = strcat(AccountDomain, @"\", AccountName), Image = FolderPath, CommandLine = ProcessCommandLine, ParentImage = InitiatingProcessFolderPath, ParentCommandLine = InitiatingProcessCommandLine, OriginalFileName = ProcessVersionInfoOriginalFileName, Company = ProcessVersionInfoCompanyName, Product = ProcessVersionInfoProductName, Description = ProcessVersionInfoFileDescription, CurrentDirectory = tostring(AdditionalFields.CurrentDirectory), IntegrityLevel = ProcessIntegrityLevel, LogonId = tostring(LogonId), ProcessId = tostring(ProcessId), {{Hashes}})
            """, "CommandLine",
            ["User", "Image", "CommandLine", "ParentImage", "ParentCommandLine", "OriginalFileName", "Company", "Product", "Description", "CurrentDirectory", "IntegrityLevel", "LogonId", "ProcessId", "Hashes", "md5", "sha1", "sha256"], host, user, process),
        ("windows" or "", "network_connection", _) => Only("DeviceNetworkEvents",
            $"DeviceNetworkEvents | project TimeGenerated, {Initiator}, Initiated = iff(ActionType == \"InboundConnectionAccepted\", \"false\", \"true\"), DestinationIp = RemoteIP, DestinationPort = tostring(RemotePort), DestinationHostname = RemoteUrl, SourceIp = LocalIP, SourcePort = tostring(LocalPort), Protocol",
            null, ["User", "Image", "CommandLine", "ProcessId", "Initiated", "DestinationIp", "DestinationPort", "DestinationHostname", "SourceIp", "SourcePort", "Protocol"], host, user,
            new EntityMapping(EntityKind.IP, [new FieldMapping("Address", "DestinationIp")])),
        ("windows" or "", "file_event" or "file_change" or "file_delete" or "create_stream_hash", _) => Only("DeviceFileEvents",
            $"DeviceFileEvents | where ActionType {(category == "file_delete" ? "==" : "!=")} \"FileDeleted\" | project TimeGenerated, {Initiator}, TargetFilename = FolderPath, {Hashes}",
            "TargetFilename", ["User", "Image", "CommandLine", "ProcessId", "TargetFilename", "Hashes", "md5", "sha1", "sha256"], host, user),
        ("windows" or "", "image_load", _) => Only("DeviceImageLoadEvents", $"DeviceImageLoadEvents | project TimeGenerated, {Initiator}, ImageLoaded = FolderPath, {Hashes}",
            "ImageLoaded", ["User", "Image", "CommandLine", "ProcessId", "ImageLoaded", "Hashes", "md5", "sha1", "sha256"], host, user),
        ("windows" or "", "driver_load", _) => Only("DeviceEvents", $"DeviceEvents | where ActionType == \"DriverLoad\" | project TimeGenerated, Computer = DeviceName, ImageLoaded = FolderPath, Signed = tostring(AdditionalFields.Signed), Signature = tostring(AdditionalFields.Signature), {Hashes}",
            "ImageLoaded", ["ImageLoaded", "Signed", "Signature", "Hashes", "md5", "sha1", "sha256"], host),
        ("windows" or "", "registry_event" or "registry_set" or "registry_add" or "registry_delete" or "registry_rename", _) => Only("DeviceRegistryEvents",
            $$"""
            DeviceRegistryEvents{{(category == "registry_set" ? " | where ActionType == \"RegistryValueSet\"" : category == "registry_delete" ? " | where ActionType endswith \"Deleted\"" : "")}}
              | extend Path = strcat(RegistryKey, iff(isempty(RegistryValueName), "", strcat(@"\", RegistryValueName)))
              | project TimeGenerated, {{Initiator}}, TargetObject = replace_string(replace_string(replace_string(replace_string(Path, @"HKEY_LOCAL_MACHINE\", @"HKLM\"), @"HKEY_USERS\", @"HKU\"), @"HKEY_CURRENT_USER\", @"HKCU\"), @"HKEY_CLASSES_ROOT\", @"HKCR\"), Details = RegistryValueData, EventType = case(ActionType == "RegistryValueSet", "SetValue", ActionType == "RegistryKeyCreated", "CreateKey", ActionType == "RegistryKeyDeleted", "DeleteKey", ActionType == "RegistryValueDeleted", "DeleteValue", ActionType)
            """, "TargetObject", ["User", "Image", "CommandLine", "ProcessId", "TargetObject", "Details", "EventType"], host, user),
        ("windows" or "", "dns_query", _) => Only("DeviceEvents",
            $"DeviceEvents | where ActionType == \"DnsQueryResponse\" | project TimeGenerated, {Initiator}, QueryName = tostring(AdditionalFields.DnsQueryString), QueryResults = tostring(AdditionalFields.DnsQueryResult), QueryStatus = tostring(AdditionalFields.QueryStatus)",
            "QueryName", ["User", "Image", "CommandLine", "ProcessId", "QueryName", "QueryResults", "QueryStatus"], host, user),
        ("windows" or "", "create_remote_thread", _) => Only("DeviceEvents",
            "DeviceEvents | where ActionType == \"CreateRemoteThreadApiCall\" | project TimeGenerated, Computer = DeviceName, SourceImage = InitiatingProcessFolderPath, TargetImage = FolderPath, StartAddress = tostring(AdditionalFields.StartAddress), StartModule = tostring(AdditionalFields.StartModule), StartFunction = tostring(AdditionalFields.StartFunction)",
            null, ["SourceImage", "TargetImage", "StartAddress", "StartModule", "StartFunction"], host),
        ("windows" or "", "process_access", _) => Only("DeviceEvents",
            "DeviceEvents | where ActionType == \"OpenProcessApiCall\" | project TimeGenerated, Computer = DeviceName, SourceImage = InitiatingProcessFolderPath, TargetImage = FolderPath, GrantedAccess = tostring(AdditionalFields.DesiredAccess), CallTrace = tostring(AdditionalFields.CallTrace)",
            null, ["SourceImage", "TargetImage", "GrantedAccess", "CallTrace"], host),
        ("windows" or "", "pipe_created", _) => Only("DeviceEvents",
            $"DeviceEvents | where ActionType == \"NamedPipeEvent\" | project TimeGenerated, {Initiator}, PipeName = tostring(AdditionalFields.PipeName), EventType = tostring(AdditionalFields.EventType)",
            "PipeName", ["User", "Image", "CommandLine", "ProcessId", "PipeName", "EventType"], host, user),
        ("windows" or "", "ps_script", _) => Xml("Event", "Event | where EventLog has \"PowerShell\" and EventID == 4104", "EventData"),
        ("windows" or "", "ps_module", _) => Xml("Event", "Event | where EventLog has \"PowerShell\" and EventID == 4103", "EventData"),
        ("windows" or "", "ps_classic_start", _) => Xml("Event", "Event | where EventLog == \"Windows PowerShell\" and EventID == 400", "EventData"),
        ("windows", "", "security") => Xml("SecurityEvent", "SecurityEvent", "EventData"),
        ("windows", "", { Length: > 0 }) when Log(service) is { } log => Xml("Event", $"Event | where EventLog =~ \"{log}\"", "EventData"),
        ("linux", "process_creation", _) => Only("LinuxAuditLog", """
            union (LinuxAuditLog | where RecordType == "EXECVE"
              | project TimeGenerated, Computer, User = "", Image = iff(a0 startswith "/", a0, strcat("/", a0)), CommandLine = trim(" ", strcat(a0, " ", a1, " ", a2, " ", a3, " ", a4, " ", a5, " ", a6, " ", a7)), ParentImage = "", ParentCommandLine = ""),
              (DeviceProcessEvents
              | project TimeGenerated, Computer = DeviceName, User = AccountName, Image = FolderPath, CommandLine = ProcessCommandLine, ParentImage = InitiatingProcessFolderPath, ParentCommandLine = InitiatingProcessCommandLine)
            """, "CommandLine", ["User", "Image", "CommandLine", "ParentImage", "ParentCommandLine"], host, process),
        ("linux", "", "auditd") => new("LinuxAuditLog", "LinuxAuditLog", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["type"] = "RecordType" }, null, false, null, [host]),
        ("linux", "", "syslog" or "auth" or "sshd" or "sudo" or "cron" or "vsftpd" or "clamav" or "guacamole" or "") => Syslog(service),
        ("aws", _, "cloudtrail") => new("AWSCloudTrail", "AWSCloudTrail", cloudTrail, null, false, null,
            [new EntityMapping(EntityKind.Account, [new FieldMapping("FullName", "UserIdentityArn")]), new EntityMapping(EntityKind.IP, [new FieldMapping("Address", "SourceIpAddress")])]),
        ("azure", _, "signinlogs") => new("SigninLogs", "SigninLogs", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Status"] = "tostring(Status)", ["properties.message"] = "ResultDescription" }, null, false, null,
            [new EntityMapping(EntityKind.Account, [new FieldMapping("FullName", "UserPrincipalName")]), new EntityMapping(EntityKind.IP, [new FieldMapping("Address", "IPAddress")])]),
        ("azure", _, "auditlogs") => new("AuditLogs", "AuditLogs", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["operationName"] = "OperationName",
            ["properties.message"] = "OperationName",
            ["Status"] = "Result",
            ["TargetResources"] = "tostring(TargetResources)",
            ["InitiatedBy"] = "tostring(InitiatedBy)",
        }, null, false, null, [new EntityMapping(EntityKind.Account, [new FieldMapping("FullName", "Identity")])]),
        ("azure", _, "activitylogs" or "azureactivity") => new("AzureActivity", "AzureActivity", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["operationName"] = "OperationNameValue",
            ["properties.message"] = "OperationNameValue",
            ["eventName"] = "OperationNameValue",
            ["status"] = "ActivityStatusValue",
        }, null, false, null, [new EntityMapping(EntityKind.Account, [new FieldMapping("FullName", "Caller")]), new EntityMapping(EntityKind.IP, [new FieldMapping("Address", "CallerIpAddress")])]),
        _ => null,
    };

    private static readonly IReadOnlyDictionary<string, string> cloudTrail = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["eventSource"] = "EventSource",
        ["eventName"] = "EventName",
        ["eventType"] = "EventTypeName",
        ["errorCode"] = "ErrorCode",
        ["errorMessage"] = "ErrorMessage",
        ["userAgent"] = "UserAgent",
        ["sourceIPAddress"] = "SourceIpAddress",
        ["awsRegion"] = "AWSRegion",
        ["userIdentity.type"] = "UserIdentityType",
        ["userIdentity.arn"] = "UserIdentityArn",
        ["userIdentity.userName"] = "UserIdentityUserName",
        ["userIdentity.principalId"] = "UserIdentityPrincipalid",
        ["userIdentity.invokedBy"] = "UserIdentityInvokedBy",
        ["requestParameters"] = "RequestParameters",
        ["responseElements"] = "ResponseElements",
        ["additionalEventData"] = "AdditionalEventData",
    };

    /// <summary>The part of the query that reads a field; null when this source has no such field.</summary>
    public string? Read(string field)
    {
        if (Fields.TryGetValue(field, out var known))
        {
            return known;
        }

        if (Columns is not null)
        {
            return Columns.FirstOrDefault(c => c.Equals(field, StringComparison.OrdinalIgnoreCase));
        }

        if (Table == "AWSCloudTrail")
        {
            var mark = field.IndexOf('.', StringComparison.Ordinal);
            var path = mark < 0 ? "" : field[(mark + 1)..];
            return mark > 0 && path.Split('.').All(IsName) && Fields.TryGetValue(field[..mark], out var bag) ? $"tostring(parse_json({bag}).{path})" : IsName(field) ? $"tostring({field})" : null;
        }

        return !IsName(field) ? null : !IsXml || field.Equals("EventID", StringComparison.OrdinalIgnoreCase) ? $"tostring({(IsXml ? "EventID" : field)})"
            : field is "Provider_Name" ? Table == "Event" ? "Source" : "EventSourceName" : field is "Channel" ? Table == "Event" ? "EventLog" : "Channel" : field is "Computer" ? "Computer" : field;
    }

    /// <summary>The step that takes fields of the XML out into columns of their names.</summary>
    public string Extend(IEnumerable<string> fields)
    {
        var taken = !IsXml ? [] : fields.Where(f => IsName(f) && f is not ("Provider_Name" or "Channel" or "Computer") && !f.Equals("EventID", StringComparison.OrdinalIgnoreCase)).Distinct().ToList();
        return taken.Count == 0 ? "" : "| extend " + string.Join(", ", taken.Select(f =>
            $"{f} = coalesce(tostring(column_ifexists(\"{f}\", \"\")), replace_string(replace_string(replace_string(replace_string(extract(@'Name=\"{f}\">([\\s\\S]*?)</Data>', 1, EventData), \"&lt;\", \"<\"), \"&gt;\", \">\"), \"&quot;\", '\"'), \"&amp;\", \"&\"))")) + "\n";
    }

    private static bool IsName(string field) => field.Length > 0 && !char.IsAsciiDigit(field[0]) && field.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string? Log(string service) => service switch
    {
        "system" => "System",
        "application" => "Application",
        "powershell" => "Microsoft-Windows-PowerShell/Operational",
        "powershell-classic" => "Windows PowerShell",
        "sysmon" => "Microsoft-Windows-Sysmon/Operational",
        "taskscheduler" => "Microsoft-Windows-TaskScheduler/Operational",
        "wmi" => "Microsoft-Windows-WMI-Activity/Operational",
        "windefend" => "Microsoft-Windows-Windows Defender/Operational",
        "bits-client" => "Microsoft-Windows-Bits-Client/Operational",
        "ntlm" => "Microsoft-Windows-NTLM/Operational",
        "dns-server" => "DNS Server",
        "firewall-as" => "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",
        "terminalservices-localsessionmanager" => "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
        "printservice-operational" => "Microsoft-Windows-PrintService/Operational",
        "printservice-admin" => "Microsoft-Windows-PrintService/Admin",
        "codeintegrity-operational" => "Microsoft-Windows-CodeIntegrity/Operational",
        "smbclient-security" => "Microsoft-Windows-SmbClient/Security",
        _ => null,
    };

    private static SigmaSource Syslog(string service) => new(
        "Syslog", service is "" or "syslog" ? "Syslog" : service is "auth" ? "Syslog | where Facility in (\"auth\", \"authpriv\")" : $"Syslog | where ProcessName has \"{service}\"", asNamed, "SyslogMessage", false, null, [host]);

    private static SigmaSource Xml(string table, string events, string text) => new(
        table, events, asNamed, text, true, null, table == "Event" ? [host] : [host, new EntityMapping(EntityKind.Account, [new FieldMapping("FullName", "Account")])]);

    private static SigmaSource Only(string table, string events, string? text, string[] columns, params EntityMapping[] entities) =>
        new(table, events, asNamed, text, false, columns.ToHashSet(StringComparer.OrdinalIgnoreCase), entities);
}
