using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Access;
using Bartizan.Wire.Arm;

namespace Bartizan.Wire.Client;

/// <summary>Service principals and their roles.</summary>
public sealed class AccessClient
{
    private const string Path = "/providers/Microsoft.Bartizan/servicePrincipals";
    private readonly BartizanClient client;

    internal AccessClient(BartizanClient client) => this.client = client;

    public Task<Outcome<ArmList<ServicePrincipalEntry>>> ServicePrincipalsAsync(CancellationToken cancellationToken) =>
        client.PageAsync<ServicePrincipalEntry>($"{Path}?api-version={ApiVersions.Bartizan}", cancellationToken);

    public Task<Outcome<ServicePrincipalCreated>> CreateServicePrincipalAsync(ServicePrincipalRequest request, CancellationToken cancellationToken) =>
        client.PostAsync<ServicePrincipalCreated>($"{Path}?api-version={ApiVersions.Bartizan}", request, cancellationToken);

    public Task<Outcome<bool>> DeleteServicePrincipalAsync(string objectId, CancellationToken cancellationToken) =>
        client.DeleteAsync($"{Path}/{PathText.Segment(objectId)}?api-version={ApiVersions.Bartizan}", cancellationToken);
}
