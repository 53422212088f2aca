using System.Security.Cryptography;
using System.Text;

namespace Bartizan.Posture.Assignments;

/// <summary>Keys of checks that have none of their own.</summary>
public static class AssessmentKeys
{
    /// <summary>The same GUID for the same definition id, everywhere.</summary>
    public static string Of(string definitionId)
    {
        ArgumentNullException.ThrowIfNull(definitionId);
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes("bartizan/definition/" + definitionId.ToLowerInvariant()))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
