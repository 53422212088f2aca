using Bartizan.Connectors.Notifications;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Store.Records;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Response;
using Microsoft.AspNetCore.Mvc;

namespace Bartizan.Server.Api.Response;

/// <summary>Ours: <c>Microsoft.Bartizan/mailServers/default</c>, by which mail about alerts goes out. Its password goes in and never comes out.</summary>
internal static class MailServerRoutes
{
    private const string Action = "Microsoft.Bartizan/mailServers";
    private const string Path = "/providers/" + Action + "/default";

    public static void MapMailServers(this IEndpointRouteBuilder routes)
    {
        routes.ArmGet(Path, Action + "/read", GetAsync).AtTenant();
        routes.ArmPut(Path, Action + "/write", PutAsync).AtTenant();
        routes.ArmDelete(Path, Action + "/delete", async (Caller caller, MailSender sender, CancellationToken cancellationToken) =>
            ArmResults.Deleted(await sender.DeleteAsync(caller.Name, cancellationToken))).AtTenant();
        routes.ArmPost(Path + "/test", Action + "/test/action", TestAsync).AtTenant();
    }

    private static async Task<IResult> GetAsync(MailSender sender, CancellationToken cancellationToken) =>
        await sender.FindAsync(cancellationToken) is { } found
            ? ArmResults.Resource(Shape(found))
            : ArmErrors.Result(new Problem(ProblemKind.NotFound, "ResourceNotFound", "No mail server is set up.", MailServer.Name));

    private static async Task<IResult> PutAsync([FromBody] ArmResource<MailServerProperties> body, Caller caller, MailSender sender, CancellationToken cancellationToken)
    {
        var p = body.Properties;
        if (!Enum.TryParse<MailSecurity>(p.Security, ignoreCase: true, out var security) || int.TryParse(p.Security, out _))
        {
            return ArmErrors.Result(new Problem(ProblemKind.Invalid, "InvalidMailServer", $"'{p.Security}' is not one of {string.Join(", ", Enum.GetNames<MailSecurity>())}.", "properties.security"));
        }

        var isNew = await sender.FindAsync(cancellationToken) is null;
        var outcome = await sender.PutAsync(new MailServer(p.Host, p.Port, security, p.From, p.UserName ?? "", "", p.Portal), p.Password, caller.Name, cancellationToken);
        return outcome.TryGetValue(out var saved, out var problem)
            ? ArmResults.Resource(Shape(saved), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK)
            : ArmErrors.Result(problem);
    }

    private static async Task<IResult> TestAsync([FromBody] MailTestRequest request, MailSender sender, TimeProvider time, CancellationToken cancellationToken)
    {
        var outcome = await sender.SendAsync(
            new MailText(request.To, "Test", "Mail from Bartizan reaches you.", Guid.CreateVersion7(time.GetUtcNow()).ToString("N")), cancellationToken);
        return outcome.IsSuccess ? Results.NoContent() : ArmErrors.Result(outcome.Problem);
    }

    private static ArmResource<MailServerProperties> Shape(Record<MailServer> record) => new()
    {
        Id = Path,
        Name = MailServer.Name,
        Type = Action,
        Etag = record.ETag,
        Properties = new MailServerProperties
        {
            Host = record.Value.Host,
            Port = record.Value.Port,
            Security = record.Value.Security.ToString(),
            From = record.Value.From,
            UserName = record.Value.UserName.Length == 0 ? null : record.Value.UserName,
            Portal = record.Value.Portal,
        },
    };
}
