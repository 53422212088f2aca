using System.Globalization;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.People;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Access;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using OpenIddict.Abstractions;

namespace Bartizan.Server.Api.Tenancy;

/// <summary>
/// People with local accounts. Nobody chooses another's password: who makes an account, or resets one, gets a link to hand over, by which its
/// owner chooses.
/// </summary>
internal static class PeopleRoutes
{
    private const string Path = "/providers/Microsoft.Bartizan/people";
    private const string Read = "Microsoft.Bartizan/people/read";

    /// <summary>Whoever makes accounts decides who is let in, so it is the same right as giving roles.</summary>
    private const string Write = "Microsoft.Authorization/people/write";

    private const int AuditPage = 500;

    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Path, Read, ListAsync).AtTenant();
        routes.ArmPost(Path, Write, CreateAsync).AtTenant();
        routes.ArmPost(Path + "/{id}/resetPassword", Write, ResetAsync).AtTenant();
        routes.ArmPost(Path + "/{id}/resetAuthenticator", Write, ResetAuthenticatorAsync).AtTenant();
        routes.ArmPost(Path + "/{id}/lock", Write, LockAsync).AtTenant();
        routes.ArmPost(Path + "/{id}/unlock", Write, UnlockAsync).AtTenant();
        routes.ArmPost(Path + "/{id}/endSessions", Write, EndSessionsAsync).AtTenant();
        routes.ArmDelete(Path + "/{id}", "Microsoft.Authorization/people/delete", DeleteAsync).AtTenant();
        routes.ArmGet("/providers/Microsoft.Bartizan/auditLog", "Microsoft.Bartizan/auditLog/read", AuditAsync).AtTenant();
        routes.ArmPost("/providers/Microsoft.Bartizan/auditLog/verify", "Microsoft.Bartizan/auditLog/read", VerifyAsync).AtTenant();
    }

    private static async Task<IResult> ListAsync(UserManager<Person> people, RoleAssignments roles, Caller caller, TimeProvider time, ListQuery query, CancellationToken cancellationToken)
    {
        var all = await people.AllAsync(cancellationToken);
        return ArmResults.Page(all.Select(p => Shape(p, roles, caller, time)).ToList(), query);
    }

    private static async Task<IResult> CreateAsync(
        [FromBody] PersonRequest body, HttpContext context, UserManager<Person> people, RoleAssignments roles, AuditLog audit, Caller caller, TimeProvider time, CancellationToken cancellationToken)
    {
        var role = body.Role is { Length: > 0 } wanted ? BuiltInRoles.Find(wanted) : null;
        if (role is null && body.Role is { Length: > 0 })
        {
            return ArmErrors.Result(new Problem(
                ProblemKind.Invalid, "RoleDefinitionDoesNotExist", $"There is no role '{body.Role}'; there are {string.Join(", ", BuiltInRoles.All.Select(r => r.Name))}.", "role"));
        }

        if (!ResourceId.TryParse(body.Scope ?? "/", out var scope))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidScope", $"'{body.Scope}' is not a scope such as / or /subscriptions/… .", "scope"));
        }

        if (role is not null && !caller.May("Microsoft.Authorization/roleAssignments/write", scope))
        {
            return ArmErrors.Result(ArmGate.Refusal(caller, "Microsoft.Authorization/roleAssignments/write", scope));
        }

        var name = (body.UserName ?? "").Trim();
        var person = new Person
        {
            UserName = name,
            Email = name.Contains('@', StringComparison.Ordinal) ? name : null,
            DisplayName = body.DisplayName is { Length: > 0 } display ? display.Trim() : name,
        };
        var made = await people.CreateAsync(person);
        if (!made.Succeeded)
        {
            return ArmErrors.Result(Refusal(made, "userName"));
        }

        await audit.AppendAsync(caller.Name, "people/write", "person", person.Id, name, cancellationToken);
        if (role is not null)
        {
            var assigned = await roles.PutAsync(
                new RoleAssignment(Guid.CreateVersion7(time.GetUtcNow()).ToString(), person.Id, "User", role.Id, scope.Text, null), caller.Name, cancellationToken);
            if (!assigned.IsSuccess)
            {
                return ArmErrors.Result(assigned.Problem);
            }
        }

        return ArmResults.Value(new PersonInvited(Shape(person, roles, caller, time), await LinkAsync(context, people, person)), StatusCodes.Status201Created);
    }

    private static Task<IResult> ResetAsync(string id, HttpContext context, UserManager<Person> people, RoleAssignments roles, AuditLog audit, Caller caller, TimeProvider time, CancellationToken cancellationToken) =>
        ChangeAsync(id, people, roles, audit, caller, "people/resetPassword", async person =>
        {
            // What was valid until now ends: an older link, sessions, and the password itself.
            await people.RemovePasswordAsync(person);
            await people.UpdateSecurityStampAsync(person);
            return ArmResults.Value(new PersonInvited(Shape(person, roles, caller, time), await LinkAsync(context, people, person)));
        }, cancellationToken);

    private static Task<IResult> ResetAuthenticatorAsync(string id, UserManager<Person> people, RoleAssignments roles, AuditLog audit, Caller caller, TimeProvider time, CancellationToken cancellationToken) =>
        ChangeAsync(id, people, roles, audit, caller, "people/resetAuthenticator", async person =>
        {
            await people.SetTwoFactorEnabledAsync(person, false);
            await people.ResetAuthenticatorKeyAsync(person);
            return ArmResults.Value(Shape(person, roles, caller, time));
        }, cancellationToken);

    private static Task<IResult> LockAsync(
        string id, UserManager<Person> people, RoleAssignments roles, AuditLog audit, IOpenIddictTokenManager tokens, Caller caller, TimeProvider time, CancellationToken cancellationToken) =>
        ChangeAsync(id, people, roles, audit, caller, "people/lock", async person =>
        {
            if (person.Id == caller.ObjectId)
            {
                return ArmErrors.Result(new Problem(ProblemKind.Conflict, "OwnAccount", "You cannot lock your own account; ask another owner.", id));
            }

            if (IsLastOwner(person.Id, roles))
            {
                return ArmErrors.Result(LastOwner(id));
            }

            await people.SetLockoutEnabledAsync(person, true);
            await people.SetLockoutEndDateAsync(person, DateTimeOffset.MaxValue);
            await EndAsync(people, tokens, person, cancellationToken);
            return ArmResults.Value(Shape(person, roles, caller, time));
        }, cancellationToken);

    private static Task<IResult> UnlockAsync(string id, UserManager<Person> people, RoleAssignments roles, AuditLog audit, Caller caller, TimeProvider time, CancellationToken cancellationToken) =>
        ChangeAsync(id, people, roles, audit, caller, "people/unlock", async person =>
        {
            await people.SetLockoutEndDateAsync(person, null);
            await people.ResetAccessFailedCountAsync(person);
            return ArmResults.Value(Shape(person, roles, caller, time));
        }, cancellationToken);

    private static Task<IResult> EndSessionsAsync(
        string id, UserManager<Person> people, RoleAssignments roles, AuditLog audit, IOpenIddictTokenManager tokens, Caller caller, TimeProvider time, CancellationToken cancellationToken) =>
        ChangeAsync(id, people, roles, audit, caller, "people/endSessions", async person =>
        {
            await EndAsync(people, tokens, person, cancellationToken);
            return ArmResults.Value(Shape(person, roles, caller, time));
        }, cancellationToken);

    private static async Task<IResult> DeleteAsync(
        string id, UserManager<Person> people, RoleAssignments roles, AuditLog audit, IOpenIddictTokenManager tokens, Caller caller, CancellationToken cancellationToken)
    {
        if (await people.FindByIdAsync(id) is not { } person)
        {
            return Results.NoContent();
        }

        if (person.Id == caller.ObjectId)
        {
            return ArmErrors.Result(new Problem(ProblemKind.Conflict, "OwnAccount", "You cannot remove your own account; ask another owner.", id));
        }

        if (IsLastOwner(person.Id, roles))
        {
            return ArmErrors.Result(LastOwner(id));
        }

        await EndAsync(people, tokens, person, cancellationToken);
        foreach (var assignment in roles.All.Where(a => a.Value.PrincipalId == person.Id))
        {
            var removed = await roles.DeleteAsync(assignment.Id, caller.Name, cancellationToken);
            if (!removed.IsSuccess)
            {
                return ArmErrors.Result(removed.Problem);
            }
        }

        await people.DeleteAsync(person);
        await audit.AppendAsync(caller.Name, "people/delete", "person", id, person.UserName ?? "", cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> AuditAsync(AuditLog audit, ListQuery query, CancellationToken cancellationToken)
    {
        if (!ODataFilter.TryParse(query.Filter, out var filter, out var problem))
        {
            return ArmErrors.Result(problem);
        }

        var found = new List<AuditLogEntry>();
        var before = long.TryParse(query.Continuation, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null;
        while (true)
        {
            var page = await audit.ListAsync(before, AuditPage, null, cancellationToken);
            foreach (var entry in page.Where(e => IsWanted(e, filter)))
            {
                found.Add(new AuditLogEntry(entry.Number, entry.At, entry.Author, entry.Action, entry.Kind, entry.Target, entry.Detail));
                if (found.Count == query.Top)
                {
                    return ArmResults.Page(found, entry.Number.ToString(CultureInfo.InvariantCulture), query);
                }
            }

            if (page.Count < AuditPage)
            {
                return ArmResults.Page(found, null, query);
            }

            before = page[^1].Number;
        }
    }

    private static bool IsWanted(AuditEntry entry, ODataFilter filter) => filter.Matches(name => name.ToLowerInvariant() switch
    {
        "author" => entry.Author,
        "action" => entry.Action,
        "kind" => entry.Kind,
        "target" => entry.Target,
        "at" => entry.At,
        _ => null,
    });

    private static async Task<IResult> VerifyAsync(AuditLog audit, CancellationToken cancellationToken)
    {
        var outcome = await audit.VerifyAsync(cancellationToken);
        return ArmResults.Value(outcome.TryGetValue(out var entries, out var problem) ? new AuditVerification(true, entries, null) : new AuditVerification(false, 0, problem.Message));
    }

    private static async Task<IResult> ChangeAsync(
        string id, UserManager<Person> people, RoleAssignments roles, AuditLog audit, Caller caller, string action, Func<Person, Task<IResult>> change, CancellationToken cancellationToken)
    {
        if (await people.FindByIdAsync(id) is not { } person)
        {
            return ArmErrors.Result(new Problem(ProblemKind.NotFound, "PersonNotFound", $"There is no person '{id}'.", id));
        }

        // Who may not give the roles that a person holds must not take the person over.
        var beyond = roles.Of(person.Id).FirstOrDefault(g => !caller.May("Microsoft.Authorization/roleAssignments/write", g.Scope));
        if (beyond is not null)
        {
            return ArmErrors.Result(ArmGate.Refusal(caller, "Microsoft.Authorization/roleAssignments/write", beyond.Scope));
        }

        var result = await change(person);
        if (result is IStatusCodeHttpResult { StatusCode: null or < 400 })
        {
            await audit.AppendAsync(caller.Name, action, "person", person.Id, person.UserName ?? "", cancellationToken);
        }

        return result;
    }

    /// <summary>Cookies end when their stamp is looked at next, within half a minute; tokens at once.</summary>
    private static async Task EndAsync(UserManager<Person> people, IOpenIddictTokenManager tokens, Person person, CancellationToken cancellationToken)
    {
        await people.UpdateSecurityStampAsync(person);
        await tokens.RevokeBySubjectAsync(person.Id, cancellationToken);
    }

    private static async Task<string> LinkAsync(HttpContext context, UserManager<Person> people, Person person) =>
        $"{context.Request.Scheme}://{context.Request.Host}/choose-password?person={Uri.EscapeDataString(person.Id)}&code={Uri.EscapeDataString(await people.GeneratePasswordResetTokenAsync(person))}";

    private static bool IsLastOwner(string person, RoleAssignments roles)
    {
        var owners = roles.All.Where(a => a.Value.PrincipalType == "User" && a.Value.RoleId == BuiltInRoles.Owner.Id && a.Value.Scope == "/").Select(a => a.Value.PrincipalId).Distinct().ToList();
        return owners is [var only] && only == person;
    }

    private static Problem LastOwner(string id) =>
        new(ProblemKind.Conflict, "LastOwner", "This is the last person who owns the whole tenant; give another person that role first.", id);

    private static Problem Refusal(IdentityResult result, string target) => new(ProblemKind.Invalid, "InvalidAccount", string.Join(" ", result.Errors.Select(e => e.Description)), target);

    private static PersonEntry Shape(Person person, RoleAssignments roles, Caller caller, TimeProvider time) => new(
        person.Id, person.UserName ?? "", person.DisplayName,
        person.LockoutEnd > time.GetUtcNow() ? "Locked" : person.PasswordHash is null ? "Invited" : "Active",
        person.TwoFactorEnabled, person.Id == caller.ObjectId,
        [.. roles.All.Where(a => a.Value.PrincipalId.Equals(person.Id, StringComparison.OrdinalIgnoreCase))
            .Select(a => new RoleAtScope(BuiltInRoles.Find(a.Value.RoleId.ToString())?.Name ?? a.Value.RoleId.ToString(), a.Value.Scope))]);
}
