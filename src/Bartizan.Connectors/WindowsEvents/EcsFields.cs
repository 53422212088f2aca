using System.Text.Json;

namespace Bartizan.Connectors.WindowsEvents;

/// <summary>
/// Fields of an event that Elastic's forwarder moved out of <c>winlog.event_data</c> into the names of its common schema, or that HELK
/// renamed, given their own names again.
/// </summary>
internal static class EcsFields
{
    private static readonly (string Path, string[] Names)[] moved =
    [
        ("process.executable", ["Image", "NewProcessName", "ProcessName"]), ("process.command_line", ["CommandLine"]), ("process.pid", ["ProcessId"]),
        ("process.entity_id", ["ProcessGuid"]), ("process.working_directory", ["CurrentDirectory"]), ("process.pe.original_file_name", ["OriginalFileName"]),
        ("process.parent.executable", ["ParentImage", "ParentProcessName"]), ("process.parent.command_line", ["ParentCommandLine"]), ("process.parent.pid", ["ParentProcessId"]),
        ("file.path", ["TargetFilename"]), ("registry.path", ["TargetObject"]), ("dll.path", ["ImageLoaded"]), ("file.name", ["PipeName"]),
        ("source.ip", ["SourceIp", "IpAddress"]), ("source.port", ["SourcePort", "IpPort"]), ("destination.ip", ["DestinationIp"]), ("destination.port", ["DestinationPort"]),
        ("destination.domain", ["DestinationHostname"]), ("network.transport", ["Protocol"]), ("dns.question.name", ["QueryName"]),
        ("powershell.file.script_block_text", ["ScriptBlockText"]), ("powershell.file.script_block_id", ["ScriptBlockId"]),
        ("process_path", ["Image", "NewProcessName"]), ("process_command_line", ["CommandLine"]), ("process_parent_path", ["ParentImage", "ParentProcessName"]),
        ("process_parent_command_line", ["ParentCommandLine"]), ("process_guid", ["ProcessGuid"]), ("process_target_path", ["TargetImage"]), ("process_granted_access", ["GrantedAccess"]),
        ("process_call_trace", ["CallTrace"]), ("file_name", ["TargetFilename"]), ("module_loaded", ["ImageLoaded"]), ("registry_key_path", ["TargetObject"]), ("registry_key_value", ["Details"]),
        ("dst_ip_addr", ["DestinationIp"]), ("dst_port", ["DestinationPort"]), ("src_ip_addr", ["SourceIp", "IpAddress"]), ("pipe_name", ["PipeName"]), ("scriptblock_text", ["ScriptBlockText"]),
    ];

    /// <summary>Adds what is there and not already known by its own name.</summary>
    public static void Add(JsonElement record, WindowsEvent target)
    {
        foreach (var (path, names) in moved)
        {
            if (Find(record, path) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } value)
            {
                var text = value.ToString();
                foreach (var name in names)
                {
                    target.Add(name, text);
                }
            }
        }

        if (Find(record, "user.name") is { ValueKind: JsonValueKind.String } user)
        {
            var domain = Find(record, "user.domain") is { ValueKind: JsonValueKind.String } found ? found.GetString() : "";
            target.Add("User", string.IsNullOrEmpty(domain) ? user.GetString()! : domain + "\\" + user.GetString());
            target.Add("SubjectUserName", user.GetString()!);
        }
    }

    /// <summary>A value by its path, the objects nested or the path written as one name.</summary>
    private static JsonElement? Find(JsonElement record, string path)
    {
        if (record.TryGetProperty(path, out var whole))
        {
            return whole;
        }

        var current = record;
        foreach (var part in path.Split('.'))
        {
            if (current.ValueKind != JsonValueKind.Object || !current.TryGetProperty(part, out current))
            {
                return null;
            }
        }

        return current;
    }
}
