using Bartizan.Foundation.Outcomes;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Content.Policies;

/// <summary>Proves that checks judge their fixtures as written.</summary>
public static class ContentFixtures
{
    /// <summary>One line for every fixture that came out differently, and for every check that lacks a kind of fixture.</summary>
    public static IReadOnlyList<string> Prove(CheckDefinition check, AliasTable aliases)
    {
        ArgumentNullException.ThrowIfNull(check);
        var faults = new List<string>();
        string[] needed = check.Applies is null ? ["Unhealthy", "Healthy"] : ["Unhealthy", "Healthy", "NotApplicable"];
        foreach (var expected in needed)
        {
            if (!check.Fixtures.Any(f => f.Expected == expected))
            {
                faults.Add($"{check.Name}: no fixture is {expected}.");
            }
        }

        var rule = Compile(check.Rule, aliases);
        var applies = Compile(check.Applies ?? check.Rule, aliases);
        if ((rule.Problem ?? applies.Problem) is { } problem)
        {
            return [$"{check.Name}: {problem.Message}"];
        }

        var foreign = new CheckFixture("NotApplicable", """{"type":"Example.Foreign/things","properties":{}}""", []);
        if (Judge(check, foreign, rule.Value, null) != foreign.Expected)
        {
            faults.Add($"{check.Name}: it judges types that it does not name.");
        }

        for (var i = 0; i < check.Fixtures.Count; i++)
        {
            var actual = Judge(check, check.Fixtures[i], rule.Value, check.Applies is null ? null : applies.Value);
            if (actual != check.Fixtures[i].Expected)
            {
                faults.Add($"{check.Name}: fixture {i + 1} is {actual}, not {check.Fixtures[i].Expected}: {check.Fixtures[i].Resource}");
            }
        }

        return faults;
    }

    private static Outcome<CompiledPolicy> Compile(string rule, AliasTable aliases) =>
        PolicyDefinition.Parse(rule).Then(d => PolicyCompiler.Compile(d, null, aliases));

    private static string Judge(CheckDefinition check, CheckFixture fixture, CompiledPolicy rule, CompiledPolicy? applies)
    {
        var resource = Shape(check, fixture.Resource);
        if (applies is not null && applies.Evaluate(new PolicyRequest(resource)) is { Matched: false } unmet)
        {
            return unmet.State == ComplianceState.Error ? "Error: " + unmet.Error : "NotApplicable";
        }

        var related = fixture.Related.Select(r => Shape(check, r)).ToList();
        var verdict = rule.Evaluate(new PolicyRequest(resource) { Related = PolicyRequest.Among(related) });
        return verdict.State switch
        {
            ComplianceState.Compliant => "Healthy",
            ComplianceState.NonCompliant => "Unhealthy",
            ComplianceState.NotApplicable => "NotApplicable",
            ComplianceState.Unknown => "Unknown",
            _ => "Error: " + verdict.Error,
        };
    }

    private static PolicyResource Shape(CheckDefinition check, string resource)
    {
        var written = PolicyJson.TryParse(resource)!;
        if (check.Environment is CloudEnvironment.Azure or CloudEnvironment.OnPremises)
        {
            return PolicyResource.Of(written);
        }

        var members = written.MemberNames!.Select(n => (n, n == "properties"
            ? ForeignShape.Properties(check.Environment, written.Member("type").AsText ?? "", written.Member(n))
            : written.Member(n)));
        return PolicyResource.Of(PolicyValue.Of([.. members]));
    }
}
