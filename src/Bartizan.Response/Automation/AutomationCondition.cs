using System.Text.Json.Serialization;

namespace Bartizan.Response.Automation;

/// <summary>How a text is compared; never by case.</summary>
public enum ConditionOperator
{
    Equals,
    NotEquals,
    Contains,
    NotContains,
    StartsWith,
    NotStartsWith,
    EndsWith,
    NotEndsWith,
}

public enum ChangedProperty
{
    IncidentSeverity,
    IncidentStatus,
    IncidentOwner,
}

public enum ChangeType
{
    ChangedFrom,
    ChangedTo,
}

/// <summary>What can be added to an incident.</summary>
public enum AddedThing
{
    Alerts,
    Labels,
    Tactics,
    Comments,
}

public enum ItemsOf
{
    CustomDetails,
    CustomDetailValues,
}

/// <summary>One condition of an automation rule.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Property), "Property")]
[JsonDerivedType(typeof(PropertyChanged), "PropertyChanged")]
[JsonDerivedType(typeof(Added), "PropertyArrayChanged")]
[JsonDerivedType(typeof(AnyItem), "PropertyArray")]
[JsonDerivedType(typeof(All), "And")]
[JsonDerivedType(typeof(Any), "Or")]
public abstract record AutomationCondition
{
    private AutomationCondition()
    {
    }

    /// <summary>A property, by a name of <see cref="SubjectProperties"/>, compared with values: one of them for a positive operator, none for a negative.</summary>
    public sealed record Property(string Name, ConditionOperator Operator, IReadOnlyList<string> Values) : AutomationCondition;

    /// <summary>The change that set the rule off touched this property. Without a type any change will do; without values, any value.</summary>
    public sealed record PropertyChanged(ChangedProperty Name, ChangeType? Type, ConditionOperator Operator, IReadOnlyList<string> Values) : AutomationCondition;

    /// <summary>The change that set the rule off added something.</summary>
    public sealed record Added(AddedThing What) : AutomationCondition;

    /// <summary>Some custom detail, or some value of the custom detail at hand, for which all conditions hold.</summary>
    public sealed record AnyItem(ItemsOf Of, IReadOnlyList<AutomationCondition> Conditions) : AutomationCondition;

    public sealed record All(IReadOnlyList<AutomationCondition> Conditions) : AutomationCondition;

    public sealed record Any(IReadOnlyList<AutomationCondition> Conditions) : AutomationCondition;
}
