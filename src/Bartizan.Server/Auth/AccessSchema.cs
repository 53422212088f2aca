using Bartizan.Server.Auth.People;
using Microsoft.EntityFrameworkCore;

namespace Bartizan.Server.Auth;

/// <summary>The tables of accounts and of the issuer.</summary>
internal static class AccessSchema
{
    public static async Task PrepareAsync(AccessContext context, CancellationToken cancellationToken)
    {
        await context.Database.EnsureCreatedAsync(cancellationToken).ConfigureAwait(false);
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancellationToken).ConfigureAwait(false);
    }
}
