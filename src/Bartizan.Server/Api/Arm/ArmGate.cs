using System.Text.RegularExpressions;
using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Server.Auth.Roles;
using Microsoft.AspNetCore.Identity;

namespace Bartizan.Server.Api.Arm;

/// <summary>Stands before every route of the API: api-version, the caller's roles, and requests that another site made a browser send.</summary>
internal sealed partial class ArmGate(RequestDelegate next, Home home)
{
    public Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<ArmAction>() is not { } action)
        {
            return next(context);
        }

        var scope = endpoint.Metadata.GetMetadata<ArmTarget>()?.Of(home) ?? ArmScope.Of(context).Id;
        var problem = CheckCaller(context, action, scope) ?? CheckSubscription(context, scope) ?? CheckVersion(context) ?? CheckOrigin(context);
        return problem is null ? next(context) : ArmErrors.WriteAsync(context, problem);
    }

    internal static Problem Refusal(Caller caller, string action, ResourceId scope) => new(
        ProblemKind.Forbidden,
        "AuthorizationFailed",
        $"The client '{caller.Name}' with object id '{caller.ObjectId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.");

    private static Problem? CheckCaller(HttpContext context, ArmAction action, ResourceId scope)
    {
        if (Caller.Of(context) is not { } caller)
        {
            return new Problem(ProblemKind.Unauthenticated, "AuthenticationFailed", "Authentication failed. Sign in, or send a token of this server as 'Authorization: Bearer'.");
        }

        if (action.Action.Length == 0)
        {
            return null;
        }

        var may = action.IsFiltered ? caller.Scopes(action.Action).Reaches(scope) : caller.May(action.Action, scope);
        return may ? null : Refusal(caller, action.Action, scope);
    }

    /// <summary>Azure's subscriptions are named by GUIDs; a client that puts anything else there has made a mistake that an empty list would hide.</summary>
    private static Problem? CheckSubscription(HttpContext context, ResourceId scope) =>
        context.Items.ContainsKey(ArmScope.Key) && scope.SubscriptionId is { } subscription && !Guid.TryParse(subscription, out _)
            ? new Problem(ProblemKind.Invalid, "InvalidSubscriptionId", $"The provided subscription identifier '{subscription}' is malformed or invalid.", "subscriptionId")
            : null;

    private static Problem? CheckVersion(HttpContext context)
    {
        if (!context.Items.ContainsKey(ArmScope.Key) || context.Request.Path.StartsWithSegments("/providers/Microsoft.Bartizan", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var version = context.Request.Query["api-version"].ToString();
        return version.Length == 0
            ? new Problem(ProblemKind.Invalid, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.", "api-version")
            : VersionPattern().IsMatch(version)
                ? null
                : new Problem(ProblemKind.Invalid, "InvalidApiVersionParameter", $"The api-version '{version}' is invalid; it is a date such as 2022-12-01, or 2022-12-01-preview.", "api-version");
    }

    /// <summary>Cookies go along with requests that other sites start; a browser says where each came from.</summary>
    private static Problem? CheckOrigin(HttpContext context)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || context.User.Identity?.AuthenticationType != IdentityConstants.ApplicationScheme)
        {
            return null;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        var origin = request.Headers.Origin.ToString();
        var isOwn = site == "same-origin" || (site.Length == 0 && origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
        return isOwn ? null : new Problem(ProblemKind.Forbidden, "CrossOriginRequest", "A change by cookie must come from this server's own pages; programs send a token.");
    }

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(-[A-Za-z]{1,20})?$")]
    private static partial Regex VersionPattern();
}
