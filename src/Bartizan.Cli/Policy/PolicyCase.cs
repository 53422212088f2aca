using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Policy;

/// <summary>What became of a case; no faults means that the verdict was as accepted.</summary>
internal sealed record PolicyCaseOutcome(string Case, IReadOnlyList<string> Faults);

/// <summary>
/// One resource of a case folder. The folder holds <c>definition.json</c> and, for each case, <c>NAME.resource.json</c> and
/// <c>NAME.verdict.json</c>; parameters, related resources, context and aliases stand in <c>NAME.parameters.json</c> and so on, or in
/// <c>parameters.json</c> for all cases of the folder.
/// </summary>
internal sealed class PolicyCase(DirectoryInfo folder, string name)
{
    private const string ResourceSuffix = ".resource.json";

    public static IEnumerable<PolicyCase> Find(DirectoryInfo root) =>
        from definition in root.EnumerateFiles("definition.json", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal)
        from resource in definition.Directory!.EnumerateFiles("*" + ResourceSuffix).OrderBy(f => f.Name, StringComparer.Ordinal)
        select new PolicyCase(definition.Directory!, resource.Name[..^ResourceSuffix.Length]);

    /// <param name="accept">Whether a verdict that is missing is written instead of being a fault.</param>
    public PolicyCaseOutcome Run(bool accept, TimeProvider clock)
    {
        var actual = Evaluate(clock).TryGetValue(out var verdict, out var problem) ? Describe(verdict) : Refusal(problem);
        var expectedFile = new FileInfo(Path.Combine(folder.FullName, name + ".verdict.json"));
        if (!expectedFile.Exists)
        {
            if (accept)
            {
                File.WriteAllText(expectedFile.FullName, PolicyJson.WriteIndented(actual) + "\n");
            }

            return Outcome(accept ? [] : [$"{expectedFile.Name} is missing; the verdict is {actual}"]);
        }

        return PolicyFile.Value(expectedFile).TryGetValue(out var expected, out problem)
            ? Outcome([.. Differences("", expected, actual)])
            : Outcome([problem.Message]);
    }

    private static PolicyValue Refusal(Problem problem) =>
        PolicyValue.Of("error", PolicyValue.Of(problem.Diagnostics.Count > 0 ? problem.Diagnostics[0].Code : problem.Code));

    private static PolicyValue Describe(Verdict verdict) => PolicyValue.Of(
    [
        ("state", PolicyValue.Of(verdict.State.ToString())),
        ("matched", PolicyValue.Of(verdict.Matched)),
        ("effect", PolicyValue.Of(verdict.Effect)),
        ("existenceMet", verdict.ExistenceMet is { } met ? PolicyValue.Of(met) : PolicyValue.Undefined),
        ("details", verdict.Details ?? PolicyValue.Undefined),
        ("changes", verdict.Changes.Count == 0 ? PolicyValue.Undefined : PolicyValue.Of([.. verdict.Changes.Select(c => PolicyValue.Of(
            [("operation", PolicyValue.Of(c.Operation)), ("field", PolicyValue.Of(c.Field)), ("value", c.Value), ("applies", PolicyValue.Of(c.Applies))]))])),
        ("error", verdict.Error is { } error ? PolicyValue.Of(error) : PolicyValue.Undefined),
    ]);

    /// <summary>What the accepted verdict says otherwise; members that it does not name are not compared.</summary>
    private static IEnumerable<string> Differences(string path, PolicyValue expected, PolicyValue actual)
    {
        if (expected.MemberNames is { } names && actual.MemberNames is not null)
        {
            return names.SelectMany(n => Differences($"{path}/{n}", expected.Member(n), actual.Member(n)));
        }

        return expected.IsSameAs(actual) ? [] : [$"{path}: expected {expected}, was {(actual.IsUndefined ? "nothing" : actual)}"];
    }

    private Outcome<Verdict> Evaluate(TimeProvider clock)
    {
        if (!PolicyFile.Text(new FileInfo(Path.Combine(folder.FullName, "definition.json"))).Then(PolicyDefinition.Parse).TryGetValue(out var definition, out var problem)
            || !Value("resource").TryGetValue(out var resource, out problem)
            || !Value("parameters").TryGetValue(out var parameters, out problem)
            || !Value("context").TryGetValue(out var context, out problem)
            || !PolicyFile.AliasesOrBuiltIn(Find("aliases")).TryGetValue(out var aliases, out problem)
            || !PolicyCompiler.Compile(definition, RequestParts.Parameters(parameters, definition), aliases).TryGetValue(out var policy, out problem))
        {
            return problem;
        }

        RelatedLookup? lookup = null;
        if (Find("related") is { } relatedFile)
        {
            if (!PolicyFile.Resources(relatedFile).TryGetValue(out var related, out problem))
            {
                return problem;
            }

            lookup = PolicyRequest.Among(related);
        }

        var apiVersion = context.Member("apiVersion").AsText;
        return policy.Evaluate(new PolicyRequest(PolicyResource.Of(resource, apiVersion)) { Context = RequestParts.Context(context, apiVersion, clock), Related = lookup });
    }

    private PolicyCaseOutcome Outcome(IReadOnlyList<string> faults) => new($"{folder.Name}/{name}", faults);

    private Outcome<PolicyValue> Value(string part) => Find(part) is { } file ? PolicyFile.Value(file) : PolicyValue.Undefined;

    private FileInfo? Find(string part) =>
        new[] { $"{name}.{part}.json", $"{part}.json" }.Select(f => new FileInfo(Path.Combine(folder.FullName, f))).FirstOrDefault(f => f.Exists);
}
