using System.Text.Json.Serialization;
using Bartizan.Detection.Entities;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Bookmarks;

/// <summary>A row that a hunter found and wants to keep: the query, what it answered, and what the hunter made of it.</summary>
public sealed record Bookmark
{
    public const int MaxPerIncident = 20;

    /// <summary>A kept row, its query and the notes are each at most this long.</summary>
    public const int MaxText = 64 * 1024;

    public required Guid Id { get; init; }

    public required string DisplayName { get; init; }

    public required string Query { get; init; }

    /// <summary>The row as JSON text.</summary>
    public string QueryResult { get; init; } = "";

    public string Notes { get; init; } = "";

    public IReadOnlyList<string> Labels { get; init; } = [];

    public IReadOnlyList<string> Tactics { get; init; } = [];

    public IReadOnlyList<string> Techniques { get; init; } = [];

    /// <summary>When the kept event happened, if it says so.</summary>
    public DateTimeOffset? EventTime { get; init; }

    public DateTimeOffset? QueryStart { get; init; }

    public DateTimeOffset? QueryEnd { get; init; }

    public IReadOnlyList<BookmarkEntity> Mappings { get; init; } = [];

    /// <summary>The incident it is evidence of.</summary>
    public Guid? IncidentId { get; init; }

    public DateTimeOffset Created { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset Updated { get; init; }

    public string UpdatedBy { get; init; } = "";

    /// <summary>The entities that its mappings name; a mapping without a value names none.</summary>
    [JsonIgnore]
    public IReadOnlyList<Entity> Entities =>
        [.. Mappings.Select(m => new Entity(m.Kind, EntityMapper.FieldsOf(m.Kind, m.Fields))).Where(e => e.Fields.Count > 0 && !EntityIdentity.IsNobody(e)).Distinct()];
}

/// <summary>One entity of a bookmark, by identifiers and their values.</summary>
public sealed record BookmarkEntity(EntityKind Kind, IReadOnlyList<KeyValuePair<string, string>> Fields);

[JsonSourceGenerationOptions(UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Bookmark))]
internal sealed partial class BookmarkJson : JsonSerializerContext;
