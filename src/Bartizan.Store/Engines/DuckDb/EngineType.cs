using System.Diagnostics;
using Bartizan.Kql.Types;

namespace Bartizan.Store.Engines.DuckDb;

/// <summary>How Kusto's types are stored: datetime and timespan as 64-bit ticks, dynamic as JSON text.</summary>
internal static class EngineType
{
    /// <summary>The engine's numbers for its types, from its C header.</summary>
    internal enum Id
    {
        Boolean = 1,
        Integer = 4,
        BigInt = 5,
        Double = 11,
        Varchar = 17,
        Uuid = 27,
    }

    public static Id Of(KqlType type) => type switch
    {
        KqlType.Bool => Id.Boolean,
        KqlType.Int => Id.Integer,
        KqlType.Long or KqlType.DateTime or KqlType.TimeSpan => Id.BigInt,
        KqlType.Real => Id.Double,
        KqlType.String or KqlType.Dynamic or KqlType.Decimal or KqlType.Unknown => Id.Varchar,
        KqlType.Guid => Id.Uuid,
        _ => throw new UnreachableException($"Tables have no columns of type {type}."),
    };

    public static int Width(KqlType type) => Of(type) switch
    {
        Id.Boolean => 1,
        Id.Integer => 4,
        Id.BigInt or Id.Double => 8,
        _ => 16,
    };

    /// <summary>The type in DDL; strings are never null, rows written before a column existed read as ''.</summary>
    public static string Sql(KqlType type) => type switch
    {
        KqlType.String => "VARCHAR DEFAULT ''",
        _ => Of(type) switch
        {
            Id.Boolean => "BOOLEAN",
            Id.Integer => "INTEGER",
            Id.BigInt => "BIGINT",
            Id.Double => "DOUBLE",
            Id.Uuid => "UUID",
            _ => "VARCHAR",
        },
    };
}
