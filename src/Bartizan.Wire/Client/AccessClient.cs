using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Access;
using Bartizan.Wire.Arm;

namespace Bartizan.Wire.Client;

/// <summary>People, service principals, who holds which role, and the audit log.</summary>
public sealed class AccessClient
{
    private const string Path = "/providers/Microsoft.Bartizan/servicePrincipals";
    private const string People = "/providers/Microsoft.Bartizan/people";
    private const string Audit = "/providers/Microsoft.Bartizan/auditLog";
    private const string Authorization = "/providers/Microsoft.Authorization";
    private const string Version = "api-version=2022-04-01";
    private readonly BartizanClient client;

    internal AccessClient(BartizanClient client) => this.client = client;

    public Task<Outcome<ArmList<ServicePrincipalEntry>>> ServicePrincipalsAsync(CancellationToken cancellationToken) =>
        client.PageAsync<ServicePrincipalEntry>($"{Path}?api-version={ApiVersions.Bartizan}", cancellationToken);

    public Task<Outcome<ServicePrincipalCreated>> CreateServicePrincipalAsync(ServicePrincipalRequest request, CancellationToken cancellationToken) =>
        client.PostAsync<ServicePrincipalCreated>($"{Path}?api-version={ApiVersions.Bartizan}", request, cancellationToken);

    public Task<Outcome<bool>> DeleteServicePrincipalAsync(string objectId, CancellationToken cancellationToken) =>
        client.DeleteAsync($"{Path}/{PathText.Segment(objectId)}?api-version={ApiVersions.Bartizan}", cancellationToken);

    public Task<Outcome<ServicePrincipalCreated>> ResetSecretAsync(string objectId, CancellationToken cancellationToken) =>
        client.PostAsync<ServicePrincipalCreated>($"{Path}/{PathText.Segment(objectId)}/resetSecret?api-version={ApiVersions.Bartizan}", null, cancellationToken);

    public Task<Outcome<ArmList<PersonEntry>>> PeopleAsync(CancellationToken cancellationToken) =>
        client.AllAsync<PersonEntry>($"{People}?api-version={ApiVersions.Bartizan}", cancellationToken);

    public Task<Outcome<PersonInvited>> InviteAsync(PersonRequest request, CancellationToken cancellationToken) =>
        client.PostAsync<PersonInvited>($"{People}?api-version={ApiVersions.Bartizan}", request, cancellationToken);

    /// <summary>A new link; password and sessions end.</summary>
    public Task<Outcome<PersonInvited>> ResetPasswordAsync(string objectId, CancellationToken cancellationToken) => ActAsync<PersonInvited>(objectId, "resetPassword", cancellationToken);

    /// <param name="action">lock, unlock, endSessions or resetAuthenticator.</param>
    public Task<Outcome<PersonEntry>> ChangePersonAsync(string objectId, string action, CancellationToken cancellationToken) => ActAsync<PersonEntry>(objectId, action, cancellationToken);

    public Task<Outcome<bool>> RemovePersonAsync(string objectId, CancellationToken cancellationToken) =>
        client.DeleteAsync($"{People}/{PathText.Segment(objectId)}?api-version={ApiVersions.Bartizan}", cancellationToken);

    public Task<Outcome<ArmList<ArmResource<RoleDefinitionProperties>>>> RolesAsync(CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<RoleDefinitionProperties>>($"{Authorization}/roleDefinitions?{Version}", cancellationToken);

    /// <summary>Every assignment that the caller may see, at any scope.</summary>
    public Task<Outcome<ArmList<ArmResource<RoleAssignmentProperties>>>> AssignmentsAsync(CancellationToken cancellationToken) =>
        client.AllAsync<ArmResource<RoleAssignmentProperties>>($"{Authorization}/roleAssignments?{Version}", cancellationToken);

    public Task<Outcome<ArmResource<RoleAssignmentProperties>>> AssignAsync(Guid name, RoleAssignmentProperties assignment, CancellationToken cancellationToken) =>
        client.PutAsync<ArmResource<RoleAssignmentProperties>>(
            $"{assignment.Scope?.TrimEnd('/')}{Authorization}/roleAssignments/{name:D}?{Version}", new ArmResource<RoleAssignmentProperties> { Properties = assignment }, null, cancellationToken);

    public Task<Outcome<bool>> UnassignAsync(string assignmentId, CancellationToken cancellationToken) => client.DeleteAsync($"{assignmentId}?{Version}", cancellationToken);

    public Task<Outcome<ArmList<AuditLogEntry>>> AuditAsync(string? filter, int top, CancellationToken cancellationToken) =>
        client.PageAsync<AuditLogEntry>(
            $"{Audit}?api-version={ApiVersions.Bartizan}&$top={top}{(filter is null ? "" : $"&$filter={Uri.EscapeDataString(filter)}")}", cancellationToken);

    public Task<Outcome<AuditVerification>> VerifyAuditAsync(CancellationToken cancellationToken) =>
        client.PostAsync<AuditVerification>($"{Audit}/verify?api-version={ApiVersions.Bartizan}", null, cancellationToken);

    private Task<Outcome<T>> ActAsync<T>(string objectId, string action, CancellationToken cancellationToken) =>
        client.PostAsync<T>($"{People}/{PathText.Segment(objectId)}/{action}?api-version={ApiVersions.Bartizan}", null, cancellationToken);
}
