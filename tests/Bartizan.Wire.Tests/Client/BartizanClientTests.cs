using System.Net;
using System.Text;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Client;
using Bartizan.Wire.Detection;

namespace Bartizan.Wire.Tests.Client;

public sealed class BartizanClientTests
{
    private const string Where = """{"tenantId":"t","subscriptionId":"s","resourceGroup":"bartizan","workspace":"bartizan","workspaceId":"w","version":"1","user":{"objectId":"o","name":"n","email":null,"kind":"User","roles":[]}}""";

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, ProblemKind.Forbidden)]
    [InlineData(HttpStatusCode.PreconditionFailed, ProblemKind.PreconditionFailed)]
    [InlineData(HttpStatusCode.TooManyRequests, ProblemKind.Throttled)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProblemKind.Unavailable)]
    [InlineData(HttpStatusCode.BadRequest, ProblemKind.Invalid)]
    public async Task A_refusal_comes_back_as_the_problem_that_it_was(HttpStatusCode status, ProblemKind kind)
    {
        var client = Client(_ => (status, """{"error":{"code":"C","message":"What is wrong.","target":"x","details":[{"code":"D","message":"Line 2."}]}}"""));
        var answer = await client.GetAsync<ArmList<string>>("/x", default);
        Assert.Equal((kind, "C", "What is wrong. Line 2.", "x"), (answer.Problem!.Kind, answer.Problem.Code, answer.Problem.Message, answer.Problem.Target));
    }

    [Fact]
    public async Task An_answer_that_is_not_ours_is_a_problem_with_its_status()
    {
        var answer = await Client(_ => (HttpStatusCode.BadGateway, "<html>")).GetAsync<ArmList<string>>("/x", default);
        Assert.Equal(ProblemKind.Unavailable, answer.Problem!.Kind);
        Assert.Contains("502", answer.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_unavailable_and_named()
    {
        var answer = await Client(_ => throw new HttpRequestException("refused")).GetAsync<ArmList<string>>("/x", default);
        Assert.Equal(ProblemKind.Unavailable, answer.Problem!.Kind);
        Assert.Contains("https://server.example", answer.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Incidents_are_asked_for_in_the_home_workspace_with_escaped_filters()
    {
        var asked = new List<string>();
        var client = Client(request =>
        {
            asked.Add(request.RequestUri!.PathAndQuery);
            return (HttpStatusCode.OK, asked.Count == 1 ? Where : """{"value":[],"count":0}""");
        });
        Assert.True((await client.Detection.IncidentsAsync("a&b", "properties/title eq 'x'", null, 50, default)).IsSuccess);
        Assert.True((await client.Detection.IncidentsAsync(null, null, null, 50, default)).IsSuccess);
        Assert.Equal(3, asked.Count);
        Assert.StartsWith("/subscriptions/s/resourceGroups/bartizan/providers/Microsoft.OperationalInsights/workspaces/bartizan/providers/Microsoft.SecurityInsights/incidents?api-version=", asked[1], StringComparison.Ordinal);
        Assert.Contains("$search=a%26b", asked[1], StringComparison.Ordinal);
        Assert.Contains("$filter=properties%2Ftitle%20eq%20%27x%27", asked[1], StringComparison.Ordinal);
        Assert.DoesNotContain("$search", asked[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_incident_carries_its_etag_in_the_body()
    {
        string? sent = null;
        var client = Client(request =>
        {
            sent = request.Content?.ReadAsStringAsync().GetAwaiter().GetResult();
            return (HttpStatusCode.OK, request.Method == HttpMethod.Put ? """{"name":"i","etag":"\"2\"","properties":{"title":"t"}}""" : Where);
        });
        var saved = await client.Detection.SaveAsync("i", new IncidentProperties { Title = "t" }, "\"1\"", default);
        Assert.Equal("\"2\"", saved.Value.Etag);
        Assert.Contains("\"etag\":\"\\u00221\\u0022\"", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("description", sent, StringComparison.Ordinal);
    }

    private static BartizanClient Client(Func<HttpRequestMessage, (HttpStatusCode, string)> answer) =>
        new(new HttpClient(new Answering(answer)) { BaseAddress = new Uri("https://server.example") });

    private sealed class Answering(Func<HttpRequestMessage, (HttpStatusCode Status, string Body)> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var (status, body) = answer(request);
            return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
