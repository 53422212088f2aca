using System.Text.Json;
using System.Xml.Linq;

namespace Bartizan.Cli.Tests.Check;

public sealed class CheckCommandTests
{
    private const string Manifests = """
        # two documents
        apiVersion: v1
        kind: Secret
        metadata: {name: s}
        stringData: {p: correct-horse}
        ---
        apiVersion: v1
        kind: List
        items:
          - apiVersion: batch/v1
            kind: CronJob
            metadata: {name: j, namespace: shop}
            spec:
              jobTemplate:
                spec:
                  template:
                    spec:
                      containers:
                        - {name: a, image: "a:1", env: [{name: DB_PASSWORD, value: correct-horse}], securityContext: {privileged: true}}
        """;

    [Theory]
    [InlineData("high", 1)]
    [InlineData("none", 0)]
    public void The_exit_code_follows_the_severity(string failOn, int exit)
    {
        using var run = new CheckRun();

        Assert.Equal(exit, CheckRun.Run(run.File("m.yaml", Manifests), "--fail-on", failOn).Exit);
    }

    [Fact]
    public void A_deny_breaks_the_build_whatever_its_severity()
    {
        using var run = new CheckRun();
        var file = run.File("b.yaml", "Resources: {B: {Type: 'AWS::S3::Bucket'}}");
        var values = run.File("v.json", """{"aws-s3-versioning-effect": {"value": "Deny"}}""");

        Assert.Equal(0, CheckRun.Run(file, "--fail-on", "none").Exit);
        var (exit, output, _) = CheckRun.Run(file, "--fail-on", "none", "--initiative-parameters", values);

        Assert.Equal(1, exit);
        Assert.StartsWith("DENY", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_initiative_in_a_file_brings_its_effects()
    {
        using var run = new CheckRun();
        var set = run.File("set.json", """
            {"name": "own", "properties": {"parameters": {"e": {"type": "String", "defaultValue": "deny"}},
             "policyDefinitions": [{"policyDefinitionId": "/providers/Microsoft.Authorization/policyDefinitions/tls", "policyDefinitionReferenceId": "r", "parameters": {"effect": {"value": "[parameters('e')]"}}}]}}
            """);
        var definition = run.File("tls.json", """
            {"name": "tls", "properties": {"displayName": "TLS", "parameters": {"effect": {"type": "String"}},
             "policyRule": {"if": {"allOf": [{"field": "type", "equals": "AWS::SQS::Queue"}, {"field": "AWS::SQS::Queue/KmsMasterKeyId", "exists": false}]}, "then": {"effect": "[parameters('effect')]"}}}}
            """);

        var (exit, output, error) = CheckRun.Run(run.File("q.yaml", "Resources: {Q: {Type: 'AWS::SQS::Queue'}, B: {Type: 'AWS::S3::Bucket'}}"), "-i", set, "--definitions", definition, "--fail-on", "none");

        Assert.Equal("", error);
        Assert.Equal(1, exit);
        Assert.Contains("DENY", output, StringComparison.Ordinal);
        Assert.Contains("2 resources", output, StringComparison.Ordinal);
        Assert.DoesNotContain("aws-s3", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standard_asks_its_own_checks_only()
    {
        using var run = new CheckRun();
        var (_, output, _) = CheckRun.Run(run.File("b.yaml", "Resources: {B: {Type: 'AWS::S3::Bucket'}, Q: {Type: 'AWS::SQS::Queue'}}"), "-i", "no-such-thing");

        Assert.Equal("", output);
        Assert.Equal(2, CheckRun.Run("-i", "no-such-thing", run.File("c.yaml", "Resources: {B: {Type: 'AWS::S3::Bucket'}}")).Exit);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("sarif")]
    [InlineData("junit")]
    public void Secrets_are_written_nowhere(string format)
    {
        using var run = new CheckRun();
        var (exit, output, error) = CheckRun.Run(run.File("m.yaml", Manifests), "-o", format);

        Assert.Equal(1, exit);
        Assert.DoesNotContain("correct-horse", output + error, StringComparison.Ordinal);
        Assert.Contains("k8s-no-plain-secret", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Sarif_points_at_file_and_line()
    {
        using var run = new CheckRun();
        var file = run.File("my manifest.yaml", Manifests);
        using var sarif = JsonDocument.Parse(CheckRun.Run(file, "-o", "sarif").Output);

        Assert.Equal("2.1.0", sarif.RootElement.GetProperty("version").GetString());
        var job = Assert.Single(sarif.RootElement.GetProperty("runs").EnumerateArray());
        var rules = job.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().ToList();
        var results = job.GetProperty("results").EnumerateArray().ToList();
        Assert.NotEmpty(results);
        foreach (var result in results)
        {
            Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
            Assert.Contains(result.GetProperty("level").GetString(), new[] { "none", "note", "warning", "error" });
            Assert.Equal(result.GetProperty("kind").GetString() == "fail", result.GetProperty("level").GetString() != "none");
            Assert.NotEqual("", result.GetProperty("message").GetProperty("text").GetString());
            var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
            Assert.Equal(new Uri(file).AbsoluteUri, place.GetProperty("artifactLocation").GetProperty("uri").GetString());
            Assert.Equal(10, place.GetProperty("region").GetProperty("startLine").GetInt32());
            Assert.Equal(5, place.GetProperty("region").GetProperty("startColumn").GetInt32());
        }
    }

    [Fact]
    public void Junit_counts_what_it_holds()
    {
        using var run = new CheckRun();
        var suites = XDocument.Parse(CheckRun.Run(run.File("m.yaml", Manifests), "-o", "junit").Output).Root!;

        var suite = Assert.Single(suites.Elements("testsuite"));
        Assert.Equal(suite.Elements("testcase").Count().ToString(System.Globalization.CultureInfo.InvariantCulture), suite.Attribute("tests")!.Value);
        Assert.Equal(suite.Elements("testcase").Elements("failure").Count().ToString(System.Globalization.CultureInfo.InvariantCulture), suite.Attribute("failures")!.Value);
        Assert.Contains(suite.Elements("testcase"), c => c.Attribute("name")!.Value == "CronJob/shop/j: k8s-no-privileged" && c.Element("failure") is not null);
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("just: text")]
    [InlineData("{\"a\": ")]
    [InlineData("")]
    public void A_file_that_cannot_be_read_is_named(string text)
    {
        using var run = new CheckRun();
        var (exit, _, error) = CheckRun.Run(run.File("odd.yaml", text));

        Assert.Equal(2, exit);
        Assert.Contains("odd.yaml", error, StringComparison.Ordinal);
    }
}
