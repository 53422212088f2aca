namespace Bartizan.Wire.Detection;

/// <summary>The body of <c>Microsoft.Security/locations/{location}/alerts/default/simulate</c>.</summary>
public sealed record AlertSimulatorRequest(AlertSimulatorProperties? Properties);

/// <param name="Kind">Bundles.</param>
/// <param name="Bundles">AppServices, DNS, KeyVaults, KubernetesService, ResourceManager, SqlServers, StorageAccounts, VirtualMachines or CosmosDbs.</param>
public sealed record AlertSimulatorProperties(string? Kind, IReadOnlyList<string>? Bundles);
