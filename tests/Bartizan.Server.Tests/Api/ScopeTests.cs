using System.Net;
using System.Reflection;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Server.Tests.Api;

/// <summary>A path may name any scope; what a caller may do there must not reach further.</summary>
public sealed class ScopeTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Elsewhere = "/subscriptions/77777777-7777-7777-7777-777777777777";

    [Fact]
    public void A_route_that_does_not_look_at_the_scope_in_its_path_says_where_the_caller_is_judged()
    {
        var routes = server.Start.App.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ArmAction>() is { Action.Length: > 0, IsFiltered: false }).ToList();
        var blind = routes.Where(e => e.Metadata.GetMetadata<ArmTarget>() is null && !e.Metadata.GetMetadata<MethodInfo>()!.GetParameters().Any(p => p.ParameterType == typeof(ArmScope)));

        Assert.True(routes.Count > 60, $"looked at {routes.Count} routes");
        Assert.Equal("", string.Join('\n', blind.Select(e => e.DisplayName).Distinct()));
    }

    [Fact]
    public void A_route_that_answers_whoever_sees_a_part_asks_which_part()
    {
        string[] sameForAll =
        [
            "/providers/Microsoft.Management/managementGroups", "/providers/Microsoft.Authorization/roleDefinitions", "/providers/Microsoft.Authorization/roleDefinitions/{name}",
            "/providers/Microsoft.Security/locations", "/providers/Microsoft.Security/locations/{location}", "/providers/Microsoft.Security/subAssessments",
            "/providers/Microsoft.Security/assessments/{key}/subAssessments", "/providers/Microsoft.PolicyInsights/policyEvents/{view}/queryResults",
        ];
        var routes = server.Start.App.Services.GetServices<EndpointDataSource>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<ArmAction>() is { Action.Length: > 0, IsFiltered: true }).ToList();
        var blind = routes.Where(e => e.Metadata.GetMetadata<ArmTarget>() is null && !e.Metadata.GetMetadata<MethodInfo>()!.GetParameters().Any(p => p.ParameterType == typeof(Caller)));

        Assert.True(routes.Count > 20, $"looked at {routes.Count} routes");
        Assert.Equal([], blind.Select(e => e.RoutePattern.RawText).Distinct().Except(sameForAll));
    }

    [Theory]
    [InlineData("GET", "Microsoft.Bartizan/people")]
    [InlineData("POST", "Microsoft.Bartizan/people")]
    [InlineData("POST", "Microsoft.Bartizan/people/x/lock")]
    [InlineData("GET", "Microsoft.Bartizan/auditLog")]
    [InlineData("POST", "Microsoft.Bartizan/auditLog/verify")]
    [InlineData("GET", "Microsoft.Bartizan/servicePrincipals")]
    [InlineData("POST", "Microsoft.Bartizan/servicePrincipals/x/resetSecret")]
    [InlineData("DELETE", "Microsoft.Bartizan/servicePrincipals/x")]
    [InlineData("POST", "Microsoft.Bartizan/policies")]
    [InlineData("GET", "Microsoft.Security/locations/local/alerts/11111111-1111-1111-1111-111111111111")]
    [InlineData("POST", "Microsoft.Security/locations/local/alerts/11111111-1111-1111-1111-111111111111/dismiss")]
    [InlineData("PUT", "Microsoft.Security/alertsSuppressionRules/all")]
    [InlineData("DELETE", "Microsoft.Security/alertsSuppressionRules/all")]
    [InlineData("GET", "Microsoft.Logic/workflows/x")]
    public async Task Who_owns_one_subscription_does_not_act_beyond_it_by_naming_it_in_the_path(string method, string rest)
    {
        var owner = await server.ProgramAsync($"owner of one, {method} {rest}", "Owner", Elsewhere);
        using var body = method is "POST" or "PUT" ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json") : null;

        var answer = await server.SendAsync(new HttpMethod(method), $"{Elsewhere}/providers/{rest}?api-version=2022-01-01", body, owner);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }
}
