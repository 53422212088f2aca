using Bartizan.Response.Notifications;
using Bartizan.Server.Api.Posture;
using Bartizan.Server.Auth.People;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Microsoft.AspNetCore.Identity;

namespace Bartizan.Server.Api.Response;

/// <summary>
/// Who wants mail about alerts: what <c>Microsoft.Security/securityContacts</c> of the home subscription says, by address and by role. Contacts of
/// other subscriptions count for nothing here: alerts are of the whole workspace, and only who may see it may have them sent.
/// </summary>
internal sealed class AlertRecipients(RecordStore store, Home home, RoleAssignments roles, IServiceScopeFactory scopes) : IAlertRecipients
{
    public async Task<IReadOnlyList<AlertRecipient>> AllAsync(CancellationToken cancellationToken)
    {
        var all = new List<AlertRecipient>();
        await foreach (var record in store.Open(SecuritySetting.Kind).EnumerateAsync(RecordQuery.All, cancellationToken))
        {
            if (record.Value is { Type: "securityContacts" } setting && setting.Scope.Equals(home.SubscriptionScope.Text, StringComparison.OrdinalIgnoreCase)
                && SecurityContact.Read(setting.Properties).TryGetValue(out var contact, out _) && contact.Least is { } least)
            {
                foreach (var address in contact.Emails.Concat(await OfRolesAsync(contact.Roles, cancellationToken)))
                {
                    all.Add(new AlertRecipient(address, least, contact.Rhythm));
                }
            }
        }

        // Whoever is named twice hears of as much, and as soon, as either says.
        return [.. all.GroupBy(r => r.Address, StringComparer.OrdinalIgnoreCase).Select(g => new AlertRecipient(g.First().Address, g.Min(r => r.Least), g.Min(r => r.Rhythm)))];
    }

    private async Task<IReadOnlyList<string>> OfRolesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
        {
            return [];
        }

        // Classic administrators are the owners of today.
        var wanted = names.Select(n => n is "AccountAdmin" or "ServiceAdmin" ? "Owner" : n).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var ids = roles.All.Select(a => a.Value)
            .Where(a => a.PrincipalType == "User" && (a.Scope == "/" || a.Scope.Equals(home.SubscriptionScope.Text, StringComparison.OrdinalIgnoreCase))
                && BuiltInRoles.Find(a.RoleId.ToString()) is { } role && wanted.Contains(role.Name))
            .Select(a => a.PrincipalId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        await using var scope = scopes.CreateAsyncScope();
        var people = await scope.ServiceProvider.GetRequiredService<UserManager<Person>>().AllAsync(cancellationToken);
        return [.. people.Where(p => ids.Contains(p.Id)).Select(p => p.Email).OfType<string>()];
    }
}
