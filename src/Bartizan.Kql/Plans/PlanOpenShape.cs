using Bartizan.Kql.Plans.Managed;

namespace Bartizan.Kql.Plans;

/// <summary>Planning cannot go on before the columns of an operator are known, which its rows tell.</summary>
internal sealed class PlanOpenShape(string key, IOpenShape asked, IReadOnlyList<PlanRows> inputs) : Exception
{
    public string Key => key;

    public IOpenShape Operator => asked;

    public IReadOnlyList<PlanRows> Inputs => inputs;
}
