using System.Globalization;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>The tables of advanced hunting, from Sysmon and from the Security and System logs.</summary>
internal static class DeviceRows
{
    public static void Write(WindowsEvent e, RowJson row, RecordSink sink)
    {
        if (e.IsSysmon)
        {
            SysmonRows.Write(e, row, sink);
        }
        else if (e.IsSecurity)
        {
            WriteSecurity(e, row, sink);
        }
        else if (e.Id == 7045 && e.Channel.Equals("System", StringComparison.OrdinalIgnoreCase))
        {
            Begin(e, row, "ServiceInstalled").Text("FileName", FileName(e["ImagePath"])).Text("FolderPath", e["ImagePath"]).Text("ProcessCommandLine", e["ImagePath"])
                .Bag("AdditionalFields", ("ServiceName", e["ServiceName"]), ("ServiceStartType", e["StartType"]), ("ServiceAccount", e["AccountName"]));
            row.Append(sink, "DeviceEvents");
        }
        else if (e.Id == 4104 && e["ScriptBlockText"] is { Length: > 0 } script)
        {
            Begin(e, row, "PowerShellCommand").Text("InitiatingProcessFileName", "powershell.exe")
                .Bag("AdditionalFields", ("Command", script), ("ScriptBlockId", e["ScriptBlockId"]), ("Path", e["Path"]));
            row.Append(sink, "DeviceEvents");
        }
    }

    internal static RowJson Begin(WindowsEvent e, RowJson row, string action)
    {
        row.Begin().Time("TimeGenerated", e.Time).Time("Timestamp", e.Time).Text("DeviceName", e.Computer).Text("ActionType", action);
        return long.TryParse(e.RecordId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? row.Number("ReportId", number) : row;
    }

    internal static string FileName(string path) => SecurityEventRow.FileName(path.Trim('"'));

    /// <summary>Numbers come as decimal or as 0x….</summary>
    internal static long? Number(string text)
    {
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static void WriteSecurity(WindowsEvent e, RowJson row, RecordSink sink)
    {
        switch (e.Id)
        {
            case 4688:
                Begin(e, row, "ProcessCreated").Text("FileName", FileName(e["NewProcessName"])).Text("FolderPath", e["NewProcessName"])
                    .Text("ProcessCommandLine", e["CommandLine"]).Number("ProcessId", Number(e["NewProcessId"])).Time("ProcessCreationTime", e.Time)
                    .Text("ProcessTokenElevation", Elevation(e["TokenElevationType"])).Text("AccountDomain", Either(e, "TargetDomainName", "SubjectDomainName"))
                    .Text("AccountName", Either(e, "TargetUserName", "SubjectUserName")).Number("LogonId", Number(Either(e, "TargetLogonId", "SubjectLogonId")))
                    .Text("AccountSid", Either(e, "TargetUserSid", "SubjectUserSid"))
                    .Text("InitiatingProcessFileName", FileName(e["ParentProcessName"])).Text("InitiatingProcessFolderPath", e["ParentProcessName"])
                    .Number("InitiatingProcessId", Number(e["ProcessId"])).Text("InitiatingProcessAccountName", e["SubjectUserName"])
                    .Text("InitiatingProcessAccountDomain", e["SubjectDomainName"]).Text("InitiatingProcessAccountSid", e["SubjectUserSid"]);
                row.Append(sink, "DeviceProcessEvents");
                break;
            case 4624 or 4625:
                Begin(e, row, e.Id == 4624 ? "LogonSuccess" : "LogonFailed").Text("AccountDomain", e["TargetDomainName"]).Text("AccountName", e["TargetUserName"])
                    .Text("AccountSid", e["TargetUserSid"]).Text("LogonType", LogonType(e["LogonType"])).Number("LogonId", Number(e["TargetLogonId"]))
                    .Text("Protocol", e["AuthenticationPackageName"]).Text("RemoteDeviceName", e["WorkstationName"]).Text("RemoteIP", e["IpAddress"])
                    .Number("RemotePort", Number(e["IpPort"])).Text("FailureReason", e["SubStatus"]).Text("InitiatingProcessFileName", FileName(e["ProcessName"]))
                    .Text("InitiatingProcessFolderPath", e["ProcessName"]).Number("InitiatingProcessId", Number(e["ProcessId"]));
                row.Append(sink, "DeviceLogonEvents");
                break;
            case 4697:
                Begin(e, row, "ServiceInstalled").Text("FileName", FileName(e["ServiceFileName"])).Text("FolderPath", e["ServiceFileName"])
                    .Text("InitiatingProcessAccountName", e["SubjectUserName"]).Text("InitiatingProcessAccountDomain", e["SubjectDomainName"])
                    .Bag("AdditionalFields", ("ServiceName", e["ServiceName"]), ("ServiceStartType", e["ServiceStartType"]), ("ServiceAccount", e["ServiceAccount"]));
                row.Append(sink, "DeviceEvents");
                break;
            case 4698 or 4699 or 4700 or 4701 or 4702:
                Begin(e, row, e.Id switch { 4698 => "ScheduledTaskCreated", 4699 => "ScheduledTaskDeleted", 4700 => "ScheduledTaskEnabled", 4701 => "ScheduledTaskDisabled", _ => "ScheduledTaskUpdated" })
                    .Text("InitiatingProcessAccountName", e["SubjectUserName"]).Text("InitiatingProcessAccountDomain", e["SubjectDomainName"])
                    .Bag("AdditionalFields", ("TaskName", e["TaskName"]), ("TaskContent", Either(e, "TaskContent", "TaskContentNew")));
                row.Append(sink, "DeviceEvents");
                break;
            case 4720 or 4722 or 4724 or 4725 or 4726 or 4728 or 4732 or 4756:
                Begin(e, row, e.Id switch
                {
                    4720 => "UserAccountCreated",
                    4722 => "UserAccountEnabled",
                    4724 => "PasswordChangeAttempt",
                    4725 => "UserAccountDisabled",
                    4726 => "UserAccountDeleted",
                    _ => "UserAccountAddedToLocalGroup",
                }).Text("AccountName", Either(e, "MemberName", "TargetUserName")).Text("AccountDomain", e["TargetDomainName"]).Text("AccountSid", Either(e, "MemberSid", "TargetSid"))
                    .Text("InitiatingProcessAccountName", e["SubjectUserName"]).Text("InitiatingProcessAccountDomain", e["SubjectDomainName"])
                    .Bag("AdditionalFields", ("GroupName", e.Id is 4728 or 4732 or 4756 ? e["TargetUserName"] : ""), ("GroupSid", e.Id is 4728 or 4732 or 4756 ? e["TargetSid"] : ""));
                row.Append(sink, "DeviceEvents");
                break;
            case 1102:
                Begin(e, row, "SecurityLogCleared").Text("InitiatingProcessAccountName", e["SubjectUserName"]).Text("InitiatingProcessAccountDomain", e["SubjectDomainName"]);
                row.Append(sink, "DeviceEvents");
                break;
        }
    }

    private static string Either(WindowsEvent e, string first, string second) => e[first] is { Length: > 0 } value ? value : e[second];

    private static string Elevation(string type) => type switch
    {
        "%%1936" => "TokenElevationTypeDefault",
        "%%1937" => "TokenElevationTypeFull",
        "%%1938" => "TokenElevationTypeLimited",
        _ => "",
    };

    private static string LogonType(string number) => number switch
    {
        "2" => "Interactive",
        "3" => "Network",
        "4" => "Batch",
        "5" => "Service",
        "7" => "Unlock",
        "8" => "NetworkCleartext",
        "9" => "NewCredentials",
        "10" => "RemoteInteractive",
        "11" => "CachedInteractive",
        _ => number,
    };
}
