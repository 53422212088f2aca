using Bartizan.Content.Documents;
using Bartizan.Foundation.Entities;

namespace Bartizan.Content.Rules;

/// <summary>What of each row goes into the alert: entities, custom details, name and description.</summary>
internal sealed class RuleMappingReader(SourceReading reading)
{
    private const int MaxMappings = 10;
    private const int MaxIdentifiers = 3;
    private const int MaxCustomDetails = 20;

    public IReadOnlyList<EntityMapping> Mappings(SourceMap map)
    {
        var mappings = new List<EntityMapping>();
        foreach (var item in reading.Maps(map, "entityMappings"))
        {
            if (mappings.Count == MaxMappings)
            {
                reading.Error("BR030", item.Span, $"A rule maps at most {MaxMappings} entities.");
                break;
            }

            if (Mapping(item) is { } mapping)
            {
                mappings.Add(mapping);
            }
        }

        return mappings;
    }

    public IReadOnlyDictionary<string, string> CustomDetails(SourceMap map)
    {
        var details = new Dictionary<string, string>();
        foreach (var entry in reading.Map(map, "customDetails")?.Entries ?? [])
        {
            if (entry.Value is not SourceScalar column)
            {
                reading.Error("BR031", entry.Value.Span, $"The custom detail '{entry.Key}' must name a column, found {entry.Value.Kind}.");
            }
            else if (details.Count == MaxCustomDetails)
            {
                reading.Error("BR032", entry.KeySpan, $"A rule has at most {MaxCustomDetails} custom details.");
                break;
            }
            else
            {
                details[entry.Key] = column.Text;
            }
        }

        return details;
    }

    public AlertDetailsOverride AlertDetails(SourceMap map)
    {
        if (reading.Map(map, "alertDetailsOverride") is not { } details)
        {
            return new AlertDetailsOverride();
        }

        return new AlertDetailsOverride
        {
            NameFormat = reading.Text(details, "alertDisplayNameFormat"),
            DescriptionFormat = reading.Text(details, "alertDescriptionFormat"),
            TacticsColumn = reading.Text(details, "alertTacticsColumnName"),
            SeverityColumn = reading.Text(details, "alertSeverityColumnName"),
            Properties = reading.Maps(details, "alertDynamicProperties")
                .Select(p => (Name: reading.Text(p, "alertProperty"), Column: reading.Text(p, "value")))
                .Where(p => p is { Name: not null, Column: not null })
                .DistinctBy(p => p.Name)
                .ToDictionary(p => p.Name!, p => p.Column!),
        };
    }

    private EntityMapping? Mapping(SourceMap item)
    {
        var typeText = reading.RequiredText(item, "entityType");
        if (typeText is null)
        {
            return null;
        }

        if (!EntityVocabulary.TryParse(typeText, out var kind))
        {
            reading.Error("BR033", item["entityType"]!.Span, $"'{typeText}' is no entity type.", $"Types are {string.Join(", ", Enum.GetNames<EntityKind>())}.");
            return null;
        }

        var fields = new List<FieldMapping>();
        foreach (var field in reading.Maps(item, "fieldMappings"))
        {
            if (fields.Count == MaxIdentifiers)
            {
                reading.Error("BR034", field.Span, $"An entity is mapped by at most {MaxIdentifiers} identifiers.");
                break;
            }

            var identifier = reading.RequiredText(field, "identifier");
            var column = reading.RequiredText(field, "columnName");
            if (identifier is null || column is null)
            {
                continue;
            }

            var known = EntityVocabulary.IdentifiersOf(kind).FirstOrDefault(i => i.Equals(identifier, StringComparison.OrdinalIgnoreCase));
            if (known is null)
            {
                reading.Error("BR035", field["identifier"]!.Span, $"'{identifier}' is no identifier of {kind}.",
                    $"Identifiers are {string.Join(", ", EntityVocabulary.IdentifiersOf(kind))}.");
                continue;
            }

            fields.Add(new FieldMapping(known, column));
        }

        if (fields.Count == 0 && reading.List(item, "fieldMappings").Count == 0)
        {
            reading.Error("BR036", item.Span, $"The mapping of {kind} names no identifier.", "Add fieldMappings with identifier and columnName.");
        }

        return fields.Count == 0 ? null : new EntityMapping(kind, fields);
    }
}
