using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Bartizan.Server.Auth.People;

/// <summary>Somebody with a local account. The id is the object id that roles are given to.</summary>
internal sealed class Person : IdentityUser
{
    public string DisplayName { get; set; } = "";
}

/// <summary>Accounts of people, and what the issuer keeps: applications, device codes, refresh tokens.</summary>
internal sealed class AccessContext(DbContextOptions<AccessContext> options) : IdentityUserContext<Person>(options)
{
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict();
    }
}

/// <summary>What the accounts are asked for beyond what Identity offers.</summary>
internal static class PersonList
{
    public static Task<List<Person>> AllAsync(this UserManager<Person> people, CancellationToken cancellationToken) =>
        people.Users.AsNoTracking().OrderBy(p => p.NormalizedUserName).ToListAsync(cancellationToken);
}
