namespace Bartizan.Kql.Types;

/// <summary>Kusto's scalar types. <see cref="Unknown"/> is the type of an expression that an open schema leaves undetermined.</summary>
public enum KqlType
{
    Unknown,
    Bool,
    Int,
    Long,
    Real,
    Decimal,
    String,
    DateTime,
    TimeSpan,
    Guid,
    Dynamic,
}
