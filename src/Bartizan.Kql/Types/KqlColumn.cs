namespace Bartizan.Kql.Types;

/// <summary>A named, typed column. Names are case-sensitive, as in Kusto.</summary>
public sealed record KqlColumn(string Name, KqlType Type);
