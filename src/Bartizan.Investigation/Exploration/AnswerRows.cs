using Bartizan.Detection.Entities;
using Bartizan.Foundation.Entities;

namespace Bartizan.Investigation.Exploration;

/// <summary>
/// What the columns of an answer mean: <c>Host_HostName</c> is a field of a host, <c>Process_ParentProcess_ImageFile_FullPath</c> one of the
/// parent's image, <c>IP_Aux_Country</c> says something about the edge.
/// </summary>
public sealed class AnswerRows
{
    private readonly RuleRows rows;
    private readonly List<(EntityKind Kind, string[] Path, int Column)> fields = [];
    private readonly List<(EntityKind Kind, string Name, int Column)> details = [];

    public AnswerRows(RuleRows rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        this.rows = rows;
        for (var i = 0; i < rows.Columns.Count; i++)
        {
            var parts = rows.Columns[i].Name.Split('_', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 2 || !EntityVocabulary.TryParse(parts[0], out var kind))
            {
                continue;
            }

            if (parts is [_, "Aux", .. var name] && name.Length > 0)
            {
                details.Add((kind, string.Join('_', name), i));
            }
            else
            {
                fields.Add((kind, parts[1..], i));
            }
        }
    }

    /// <summary>Whether some column makes entities at all.</summary>
    public bool HasEntities => fields.Count > 0;

    /// <summary>The entities of a row, each with what the row says beside it.</summary>
    public IEnumerable<(Entity Entity, IReadOnlyDictionary<string, string> Details)> Entities(object?[] row)
    {
        ArgumentNullException.ThrowIfNull(row);
        foreach (var kind in fields.Select(f => f.Kind).Distinct())
        {
            var tree = new Draft(kind);
            foreach (var (_, path, column) in fields.Where(f => f.Kind == kind))
            {
                if (rows.TextAt(row, column) is { Length: > 0 } value)
                {
                    tree.Set(path, value);
                }
            }

            if (tree.Make() is { } entity)
            {
                yield return (entity, details.Where(d => d.Kind == kind)
                    .Select(d => (d.Name, Value: rows.TextAt(row, d.Column)))
                    .Where(d => d.Value.Length > 0).DistinctBy(d => d.Name).ToDictionary(d => d.Name, d => d.Value));
            }
        }
    }

    /// <summary>An entity being put together, with those that belong to it.</summary>
    private sealed class Draft(EntityKind kind)
    {
        private readonly Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, Draft> related = new(StringComparer.OrdinalIgnoreCase);

        public void Set(string[] path, string value)
        {
            if (path.Length > 1 && KindOf(path[0]) is { } inner)
            {
                if (!related.TryGetValue(path[0], out var draft))
                {
                    related[path[0]] = draft = new Draft(inner);
                }

                draft.Set(path[1..], value);
                return;
            }

            foreach (var (name, part) in Parts(string.Join('_', path), value))
            {
                fields.TryAdd(name, part);
            }
        }

        public Entity? Make()
        {
            var parts = related.Select(r => (r.Key, Entity: r.Value.Make())).Where(r => r.Entity is not null).ToDictionary(r => r.Key, r => r.Entity!);
            return fields.Count == 0 && parts.Count == 0 ? null
                : fields.Count == 0 && parts.Count == 1 && kind == EntityKind.Process ? null
                : new Entity(kind, fields, parts);
        }

        private static EntityKind? KindOf(string role) => role.ToLowerInvariant() switch
        {
            "parentprocess" or "process" => EntityKind.Process,
            "imagefile" or "file" => EntityKind.File,
            "host" => EntityKind.Host,
            "account" => EntityKind.Account,
            "filehash" or "filehashes" => EntityKind.FileHash,
            _ => null,
        };

        private IEnumerable<KeyValuePair<string, string>> Parts(string field, string value) => (kind, field) switch
        {
            (EntityKind.Account, "UnstructuredName" or "FullName") => EntityNames.AccountFields(value),
            (EntityKind.Host, "UnstructuredName" or "FullName") => EntityNames.HostFields(value),
            (EntityKind.Host, "HostName") when value.Contains('.', StringComparison.Ordinal) => EntityNames.HostFields(value),
            (EntityKind.Account, "Name") when value.Contains('\\', StringComparison.Ordinal) || value.Contains('@', StringComparison.Ordinal) => EntityNames.AccountFields(value),
            (EntityKind.File, "FullPath") => EntityNames.FileFields(value),
            _ => [new(field, value)],
        };
    }
}
