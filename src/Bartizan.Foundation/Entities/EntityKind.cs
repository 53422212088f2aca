namespace Bartizan.Foundation.Entities;

/// <summary>The kinds of entity an alert can be about, in the spelling of Sentinel's entity mappings.</summary>
public enum EntityKind
{
    Account,
    Host,
    IP,
    File,
    FileHash,
    Process,
    URL,
    AzureResource,
    CloudApplication,
    DNS,
    RegistryKey,
    RegistryValue,
    SecurityGroup,
    Malware,
    Mailbox,
    MailCluster,
    MailMessage,
    SubmissionMail,
    IoTDevice,
    Bookmark,
}
