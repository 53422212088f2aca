using System.Security.Cryptography;
using System.Text;

namespace Bartizan.Foundation.Entities;

/// <summary>One set of identifiers with its canonical values, such as <c>account|name+upnsuffix|ana|contoso.com</c>.</summary>
/// <param name="Text">Canonical text; equal texts mean the same entity when the key is strong.</param>
/// <param name="IsStrong">Identifies everywhere; a weak key only inside one alert or one host.</param>
/// <param name="FieldSet">The identifiers used, for explanations: <c>Name+UPNSuffix</c>.</param>
public sealed record EntityKey(string Text, bool IsStrong, string FieldSet)
{
    /// <summary>A UUID made of the key's hash (version 8: values of our own making).</summary>
    public Guid ToId()
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(Text), hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
