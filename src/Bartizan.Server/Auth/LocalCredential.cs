using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store;
using Bartizan.Wire.Client;

namespace Bartizan.Server.Auth;

/// <summary>
/// The file by which a command line on the same machine signs in as administrator. Only its owner can read it; its secret is new with every
/// start.
/// </summary>
internal sealed class LocalCredential(Principals principals, RoleAssignments roles, StoreOptions store, Home home, TimeProvider time)
{
    public async Task<Outcome<string>> WriteAsync(string url, string authorityFile, CancellationToken cancellationToken)
    {
        var known = principals.All.FirstOrDefault(p => p.IsLocalAdministrator);
        var made = known is null
            ? await principals.CreateAsync("local administrator", isLocalAdministrator: true, "server", cancellationToken).ConfigureAwait(false)
            : await principals.ResetSecretAsync(known.ObjectId, "server", cancellationToken).ConfigureAwait(false);
        if (!made.IsSuccess)
        {
            return made.Problem;
        }

        var id = made.Value.Principal.ObjectId;
        if (roles.Of(id).Count == 0)
        {
            var name = Guid.CreateVersion7(time.GetUtcNow()).ToString();
            await roles.PutAsync(
                new RoleAssignment(name, id, "ServicePrincipal", BuiltInRoles.Owner.Id, "/", "Whoever can read the data folder"), "server", cancellationToken).ConfigureAwait(false);
        }

        var file = Path.Combine(store.Folder!, LocalConnection.FileName);
        var connection = new LocalConnection(url, home.TenantId.ToString(), made.Value.Principal.AppId, made.Value.Secret, authorityFile, Environment.ProcessId);
        PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(connection, BartizanClient.Json));
        return file;
    }

    public void Remove() => File.Delete(Path.Combine(store.Folder!, LocalConnection.FileName));
}
