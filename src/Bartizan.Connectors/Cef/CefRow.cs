using System.Globalization;
using Bartizan.Connectors.Rows;
using Bartizan.Store.Ingestion;

namespace Bartizan.Connectors.Cef;

/// <summary>The table <c>CommonSecurityLog</c>: CEF's short keys under the table's names; unknown keys together in AdditionalExtensions.</summary>
internal static class CefRow
{
    private static readonly Dictionary<string, string> columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["act"] = "DeviceAction",
        ["app"] = "ApplicationProtocol",
        ["cat"] = "DeviceEventCategory",
        ["cnt"] = "EventCount",
        ["destinationDnsDomain"] = "DestinationDnsDomain",
        ["destinationServiceName"] = "DestinationServiceName",
        ["destinationTranslatedAddress"] = "DestinationTranslatedAddress",
        ["destinationTranslatedPort"] = "DestinationTranslatedPort",
        ["deviceDirection"] = "CommunicationDirection",
        ["deviceDnsDomain"] = "DeviceDnsDomain",
        ["deviceExternalId"] = "DeviceExternalID",
        ["deviceFacility"] = "DeviceFacility",
        ["deviceInboundInterface"] = "DeviceInboundInterface",
        ["deviceNtDomain"] = "DeviceNtDomain",
        ["deviceOutboundInterface"] = "DeviceOutboundInterface",
        ["devicePayloadId"] = "DevicePayloadId",
        ["deviceProcessName"] = "ProcessName",
        ["deviceTranslatedAddress"] = "DeviceTranslatedAddress",
        ["dhost"] = "DestinationHostName",
        ["dmac"] = "DestinationMACAddress",
        ["dntdom"] = "DestinationNTDomain",
        ["dpid"] = "DestinationProcessId",
        ["dpriv"] = "DestinationUserPrivileges",
        ["dproc"] = "DestinationProcessName",
        ["dpt"] = "DestinationPort",
        ["dst"] = "DestinationIP",
        ["duid"] = "DestinationUserID",
        ["duser"] = "DestinationUserName",
        ["dvc"] = "DeviceAddress",
        ["dvchost"] = "DeviceName",
        ["dvcmac"] = "DeviceMacAddress",
        ["dvcpid"] = "ProcessID",
        ["externalId"] = "ExtID",
        ["fileCreateTime"] = "FileCreateTime",
        ["fileHash"] = "FileHash",
        ["fileId"] = "FileID",
        ["fileModificationTime"] = "FileModificationTime",
        ["filePath"] = "FilePath",
        ["filePermission"] = "FilePermission",
        ["fileType"] = "FileType",
        ["fname"] = "FileName",
        ["fsize"] = "FileSize",
        ["in"] = "ReceivedBytes",
        ["msg"] = "Message",
        ["oldFileCreateTime"] = "OldFileCreateTime",
        ["oldFileHash"] = "OldFileHash",
        ["oldFileId"] = "OldFileID",
        ["oldFileModificationTime"] = "OldFileModificationTime",
        ["oldFileName"] = "OldFileName",
        ["oldFilePath"] = "OldFilePath",
        ["oldFilePermission"] = "OldFilePermission",
        ["oldFileSize"] = "OldFileSize",
        ["oldFileType"] = "OldFileType",
        ["out"] = "SentBytes",
        ["outcome"] = "EventOutcome",
        ["proto"] = "Protocol",
        ["reason"] = "Reason",
        ["request"] = "RequestURL",
        ["requestClientApplication"] = "RequestClientApplication",
        ["requestContext"] = "RequestContext",
        ["requestCookies"] = "RequestCookies",
        ["requestMethod"] = "RequestMethod",
        ["rt"] = "ReceiptTime",
        ["shost"] = "SourceHostName",
        ["smac"] = "SourceMACAddress",
        ["sntdom"] = "SourceNTDomain",
        ["sourceDnsDomain"] = "SourceDnsDomain",
        ["sourceServiceName"] = "SourceServiceName",
        ["sourceTranslatedAddress"] = "SourceTranslatedAddress",
        ["sourceTranslatedPort"] = "SourceTranslatedPort",
        ["spid"] = "SourceProcessId",
        ["spriv"] = "SourceUserPrivileges",
        ["sproc"] = "SourceProcessName",
        ["spt"] = "SourcePort",
        ["src"] = "SourceIP",
        ["start"] = "StartTime",
        ["end"] = "EndTime",
        ["suid"] = "SourceUserID",
        ["suser"] = "SourceUserName",
        ["type"] = "EventType",
    };

    /// <summary>Devices' own fields: <c>cs1</c> with its <c>cs1Label</c>, and so on.</summary>
    private static readonly (string Short, string Long, int Count)[] custom =
    [
        ("cs", "DeviceCustomString", 6), ("cn", "DeviceCustomNumber", 3), ("cfp", "DeviceCustomFloatingPoint", 4), ("c6a", "DeviceCustomIPv6Address", 4),
        ("deviceCustomDate", "DeviceCustomDate", 2), ("flexString", "FlexString", 2), ("flexNumber", "FlexNumber", 2), ("flexDate", "FlexDate", 1),
    ];

    private static readonly Dictionary<string, string> all = WithCustom();

    public static void Write(CefMessage message, DateTime? time, string host, RowJson row, RecordSink sink)
    {
        row.Begin().Time("TimeGenerated", time).Text("Computer", host).Text("CollectorHostName", host).Text("DeviceVendor", message.Vendor).Text("DeviceProduct", message.Product)
            .Text("DeviceVersion", message.DeviceVersion).Text("DeviceEventClassID", message.ClassId).Text("Activity", message.Name).Text("LogSeverity", message.Severity);
        List<string>? others = null;
        foreach (var (key, value) in message.Extension)
        {
            if (!all.TryGetValue(key, out var column))
            {
                (others ??= []).Add($"{key}={value}");
            }
            else if (column is "StartTime" or "EndTime")
            {
                row.Text(column, Time(value));
            }
            else
            {
                row.Text(column, value);
            }
        }

        row.Text("AdditionalExtensions", others is null ? "" : string.Join(';', others));
        row.Append(sink, "CommonSecurityLog");
    }

    /// <summary>CEF's own forms of a time: milliseconds since 1970, or <c>MMM dd yyyy HH:mm:ss</c>.</summary>
    public static string Time(string value)
    {
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 253402300799999)
        {
            return DateTime.UnixEpoch.AddMilliseconds(milliseconds).ToString("o", CultureInfo.InvariantCulture);
        }

        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.UtcDateTime.ToString("o", CultureInfo.InvariantCulture)
            : value;
    }

    private static Dictionary<string, string> WithCustom()
    {
        var map = new Dictionary<string, string>(columns, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, column, count) in custom)
        {
            for (var i = 1; i <= count; i++)
            {
                map[string.Create(CultureInfo.InvariantCulture, $"{name}{i}")] = string.Create(CultureInfo.InvariantCulture, $"{column}{i}");
                map[string.Create(CultureInfo.InvariantCulture, $"{name}{i}Label")] = string.Create(CultureInfo.InvariantCulture, $"{column}{i}Label");
            }
        }

        return map;
    }
}
