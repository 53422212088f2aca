using Bartizan.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Server.Tests.Api;

public sealed class CompatibilityReportTests(RunningServer server) : IClassFixture<RunningServer>
{
    private static readonly string File = Path.Combine(RepositoryRoot.Path, "docs/conformance/api.md");

    [Fact]
    public void The_report_names_every_route_of_Azure_and_promises_no_more_than_is_served()
    {
        var report = Report();
        if (Environment.GetEnvironmentVariable("BARTIZAN_ACCEPT") is not null)
        {
            System.IO.File.WriteAllText(File, report.Write());
        }

        var promised = System.IO.File.ReadAllLines(File).Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).GroupBy(c => c[1].Trim('`')).ToDictionary(g => g.Key, g => Enum.Parse<CompatibilityReport.Standing>(g.First()[2], ignoreCase: true));
        var rows = report.Rows;
        Assert.True(rows.Count > 200, $"{rows.Count} routes of Azure are known");
        Assert.All(rows, row => Assert.True(promised.TryGetValue($"{row.Method} {row.Path}", out var standing) && standing <= row.Standing, $"{row.Text} is promised as {standing}; make the report again with BARTIZAN_ACCEPT=1"));
    }

    [Theory]
    [InlineData("secureScores", 200)]
    [InlineData("jitNetworkAccessPolicies", 200)]
    [InlineData("automations/nothing", 404)]
    public async Task A_standing_is_what_a_caller_meets(string path, int status)
    {
        var answer = await server.GetAsync($"/subscriptions/33333333-3333-3333-3333-333333333333/providers/Microsoft.Security/{path}?api-version=2022-03-01");
        Assert.Equal(status, (int)answer.Status);
    }

    [Fact]
    public async Task The_description_of_the_API_has_every_declared_route()
    {
        var paths = (await server.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        Assert.True(paths.EnumerateObject().Count() > 60);
        Assert.Equal("Microsoft.Security/secureScores/read", paths.GetProperty("/{scope}/providers/Microsoft.Security/secureScores").GetProperty("get").GetProperty("x-action").GetString());
        Assert.All(paths.EnumerateObject(), p => Assert.DoesNotContain(":", p.Name, StringComparison.Ordinal));
    }

    private CompatibilityReport Report() => new(
        server.Start.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>(),
        System.IO.File.ReadAllLines(Path.Combine(RepositoryRoot.Path, "tests/cases/api/microsoft-security.txt")));
}
