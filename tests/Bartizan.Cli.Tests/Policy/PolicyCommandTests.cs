using System.CommandLine;
using Bartizan.Cli.Policy;
using Bartizan.Testing;

namespace Bartizan.Cli.Tests.Policy;

public sealed class PolicyCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-policy-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_accepted_case_still_holds()
    {
        var (code, output, _) = Run("test", Path.Combine(RepositoryRoot.Path, "tests", "cases", "policy"));
        Assert.Equal(ExitCodes.Done, code);
        Assert.EndsWith(" passed, 0 failed" + Environment.NewLine, output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_that_no_longer_holds_is_told_with_what_differs()
    {
        Write("definition.json", """{"if":{"field":"name","equals":"a"},"then":{"effect":"audit"}}""");
        Write("one.resource.json", """{"name":"a"}""");
        Write("one.verdict.json", """{"matched":false,"state":"NonCompliant"}""");
        var (code, output, _) = Run("test", folder);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("/one", output, StringComparison.Ordinal);
        Assert.Contains("/matched: expected false, was true", output, StringComparison.Ordinal);
        Assert.DoesNotContain("/state", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_verdict_fails_until_it_is_accepted()
    {
        Write("definition.json", """{"if":{"field":"name","equals":"a"},"then":{"effect":"audit"}}""");
        Write("one.resource.json", """{"name":"a"}""");
        Assert.Equal(ExitCodes.Failed, Run("test", folder).Code);
        Assert.Equal(ExitCodes.Done, Run("test", folder, "--accept").Code);
        Assert.Equal(ExitCodes.Done, Run("test", folder).Code);
        Assert.Equal(ExitCodes.Refused, Run("test", Path.Combine(folder, "absent")).Code);
    }

    [Fact]
    public void Lint_gives_line_column_and_hint()
    {
        Write("bad.json", "{\n  \"if\": { \"field\": \"name\", \"notEqual\": \"x\" },\n  \"then\": { \"effect\": \"audit\" }\n}");
        var (code, output, _) = Run("lint", folder);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("bad.json(2,28): error InvalidPolicyRule", output, StringComparison.Ordinal);
        Assert.Contains("'notEquals' meant?", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Lint_remarks_fail_only_a_strict_run()
    {
        Write("spare.json", """{"parameters":{"spare":{"type":"String"}},"policyRule":{"if":{"field":"name","equals":"a"},"then":{"effect":"audit"}}}""");
        Assert.Equal(ExitCodes.Done, Run("lint", folder).Code);
        Assert.Contains("UnusedParameter", Run("lint", folder, "--output", "json").Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Failed, Run("lint", folder, "--strict").Code);
    }

    [Fact]
    public void Eval_shows_the_verdict_and_each_clause()
    {
        var definition = Write("d.json", """{"parameters":{"e":{"type":"String"}},"policyRule":{"if":{"allOf":[{"field":"type","equals":"N.P/t"},{"field":"tags.env","exists":false}]},"then":{"effect":"[parameters('e')]"}}}""");
        var resource = Write("r.json", """{"type":"N.P/t","tags":{"env":"x"}}""");
        var parameters = Write("p.json", """{"$schema":"s","parameters":{"e":{"value":"Deny"}}}""");
        var (code, output, _) = Run("eval", "--definition", definition, "--resource", resource, "--parameters", parameters);
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("Verdict  Compliant", output, StringComparison.Ordinal);
        Assert.Contains("Effect   Deny", output, StringComparison.Ordinal);
        Assert.Contains("[false] field tags.env exists false   read \"x\"", output, StringComparison.Ordinal);
        Assert.Contains("\"actual\": \"x\"", Run("eval", "-d", definition, "-r", resource, "-p", parameters, "-o", "json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Eval_says_which_file_it_cannot_use()
    {
        var definition = Write("d.json", """{"if":{"field":"name","equals":"a"},"then":{"effect":"audit"}}""");
        var (code, _, errors) = Run("eval", "-d", definition, "-r", Path.Combine(folder, "absent.json"));
        Assert.Equal(ExitCodes.Refused, code);
        Assert.Contains("absent.json", errors, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Refused, Run("eval").Code);
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = PolicyCommand.Create().Parse(arguments).Invoke(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
