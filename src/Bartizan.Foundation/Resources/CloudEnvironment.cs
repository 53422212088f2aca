namespace Bartizan.Foundation.Resources;

/// <summary>Where a resource lives.</summary>
public enum CloudEnvironment
{
    Azure,
    Aws,
    Gcp,
    Kubernetes,
    OnPremises,
}
