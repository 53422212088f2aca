using System.Security.Cryptography;
using System.Text;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Microsoft.AspNetCore.Identity;

namespace Bartizan.Server.Auth.People;

/// <summary>The way in for the first person: a code that is good once, while nobody owns the tenant, until the server stops.</summary>
internal sealed class FirstAdministrator(RoleAssignments roles, AuditLog audit, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1, 1);
    private byte[]? code;

    public void Dispose() => turn.Dispose();

    public bool IsWanted => !roles.All.Any(a => a.Value.PrincipalType == "User" && a.Value.RoleId == BuiltInRoles.Owner.Id && a.Value.Scope == "/");

    /// <summary>The code for this start, or null when there is a first administrator already.</summary>
    public string? Offer()
    {
        if (!IsWanted)
        {
            return null;
        }

        var text = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        code = SHA256.HashData(Encoding.ASCII.GetBytes(text));
        return text;
    }

    public bool Accepts(string? text) =>
        code is { } wanted && IsWanted && text is { Length: 48 } && CryptographicOperations.FixedTimeEquals(wanted, SHA256.HashData(Encoding.ASCII.GetBytes(text)));

    public async Task<Outcome<Person>> CreateAsync(
        string? text, string userName, string password, UserManager<Person> people, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!Accepts(text))
            {
                return new Problem(
                    ProblemKind.Forbidden, "LinkUsed", "This link has been used, or the server was started again since. Use the link that the server printed at its last start, or sign in.");
            }

            var person = new Person { UserName = userName, Email = userName.Contains('@', StringComparison.Ordinal) ? userName : null, DisplayName = userName };
            var created = await people.CreateAsync(person, password).ConfigureAwait(false);
            if (!created.Succeeded)
            {
                return new Problem(ProblemKind.Invalid, "InvalidAccount", string.Join(" ", created.Errors.Select(e => e.Description)));
            }

            var name = Guid.CreateVersion7(time.GetUtcNow()).ToString();
            var assigned = await roles.PutAsync(new RoleAssignment(name, person.Id, "User", BuiltInRoles.Owner.Id, "/", "The first administrator"), userName, cancellationToken)
                .ConfigureAwait(false);
            if (!assigned.IsSuccess)
            {
                return assigned.Problem;
            }

            code = null;
            await audit.AppendAsync(userName, "people/firstAdministrator", "person", person.Id, "", cancellationToken).ConfigureAwait(false);
            return person;
        }
        finally
        {
            turn.Release();
        }
    }
}
