using System.Diagnostics.CodeAnalysis;

namespace Bartizan.Foundation.Resources;

/// <summary>
/// An ARM resource id, of a resource or of a scope that holds resources: a tenant (<c>/</c>), a management group,
/// a subscription, a resource group. Ids compare without regard to case, as Azure's do, and keep the spelling given.
/// </summary>
public sealed class ResourceId : IEquatable<ResourceId>
{
    /// <summary>ARM: an id is at most 2,048 characters.</summary>
    public const int MaxLength = 2048;

    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    private readonly string[] segments;

    private ResourceId(string text, string[] segments)
    {
        Text = text;
        this.segments = segments;
        Type = TypeOf(segments);
    }

    /// <summary>The tenant: the scope above everything.</summary>
    public static ResourceId Tenant { get; } = new("/", []);

    /// <summary>The id with one leading slash and none at the end.</summary>
    public string Text { get; }

    /// <summary>
    /// The full type, such as <c>Microsoft.Storage/storageAccounts/blobServices</c>; for scopes ARM's names for them.
    /// For an extension resource, the type of the extension.
    /// </summary>
    public string Type { get; }

    public string Name => segments.Length == 0 ? "" : segments[^1];

    public string? SubscriptionId => After("subscriptions", 0);

    public string? ResourceGroup => segments.Length >= 4 && Is(2, "resourceGroups") ? After("subscriptions", 0) is null ? null : segments[3] : null;

    public bool IsScope => LastProvider() < 0 || Type.Equals("Microsoft.Management/managementGroups", IgnoreCase);

    /// <summary>The id one level up: a child's parent, a resource's group, a group's subscription, else the tenant.</summary>
    public ResourceId? Parent
    {
        get
        {
            if (segments.Length == 0)
            {
                return null;
            }

            var provider = LastProvider();
            var length = provider >= 0 && segments.Length - provider <= 4 ? provider : segments.Length - 2;
            return length <= 0 ? Tenant : FromSegments(segments[..length]);
        }
    }

    public static ResourceId Subscription(string subscriptionId) => Parse("/subscriptions/" + subscriptionId);

    /// <exception cref="FormatException">The text is not a resource id.</exception>
    public static ResourceId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not a resource id.");

    /// <summary>Reads an id leniently: doubled and trailing slashes are accepted, empty or odd paths are not.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ResourceId? id)
    {
        id = null;
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength || text[0] != '/')
        {
            return false;
        }

        var segments = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments.Length == 0)
        {
            id = Tenant;
            return true;
        }

        foreach (var segment in segments)
        {
            if (segment.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0 || segment is "." or "..")
            {
                return false;
            }
        }

        if (!IsWellFormed(segments))
        {
            return false;
        }

        id = FromSegments(segments);
        return true;
    }

    /// <summary>Whether this is <paramref name="scope"/> or lies below it. Management groups need the tree, see <c>Scope</c>.</summary>
    public bool IsWithin(ResourceId scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        if (scope.segments.Length > segments.Length)
        {
            return false;
        }

        for (var i = 0; i < scope.segments.Length; i++)
        {
            if (!segments[i].Equals(scope.segments[i], IgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The id of a child or extension resource: <paramref name="path"/> is appended as written.</summary>
    public ResourceId Append(string path) => Parse((Text == "/" ? "" : Text) + "/" + path);

    public bool Equals(ResourceId? other) => other is not null && Text.Equals(other.Text, IgnoreCase);

    public override bool Equals(object? obj) => Equals(obj as ResourceId);

    public override int GetHashCode() => Text.GetHashCode(IgnoreCase);

    public override string ToString() => Text;

    public static bool operator ==(ResourceId? left, ResourceId? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(ResourceId? left, ResourceId? right) => !(left == right);

    private static ResourceId FromSegments(string[] segments) => new("/" + string.Join('/', segments), segments);

    private static bool IsWellFormed(string[] segments)
    {
        var i = 0;
        if (segments[0].Equals("subscriptions", IgnoreCase))
        {
            if (segments.Length < 2)
            {
                return false;
            }

            i = 2;
            if (segments.Length > 2 && segments[2].Equals("resourceGroups", IgnoreCase))
            {
                if (segments.Length < 4)
                {
                    return false;
                }

                i = 4;
            }
        }

        while (i < segments.Length)
        {
            if (!segments[i].Equals("providers", IgnoreCase) || segments.Length < i + 4)
            {
                return false;
            }

            var end = i + 2;
            while (end < segments.Length && !segments[end].Equals("providers", IgnoreCase))
            {
                end++;
            }

            if ((end - i) % 2 != 0)
            {
                return false;
            }

            i = end;
        }

        return true;
    }

    private static string TypeOf(string[] segments)
    {
        var provider = LastProvider(segments);
        if (provider < 0)
        {
            return segments.Length switch
            {
                0 => "Microsoft.Resources/tenants",
                2 => "Microsoft.Resources/subscriptions",
                _ => "Microsoft.Resources/subscriptions/resourceGroups",
            };
        }

        var type = segments[provider + 1];
        for (var i = provider + 2; i < segments.Length; i += 2)
        {
            type += "/" + segments[i];
        }

        return type;
    }

    private static int LastProvider(string[] segments) =>
        Array.FindLastIndex(segments, s => s.Equals("providers", IgnoreCase));

    private int LastProvider() => LastProvider(segments);

    private bool Is(int index, string word) => segments[index].Equals(word, IgnoreCase);

    private string? After(string word, int index) =>
        segments.Length > index + 1 && Is(index, word) ? segments[index + 1] : null;
}
