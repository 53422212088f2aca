using System.Text.Json;
using Bartizan.Cli.Check;
using Bartizan.Content.Documents;
using Bartizan.Content.Packs;
using Bartizan.Content.Policies;
using Bartizan.Foundation.Resources;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Values;
using Bartizan.Testing;

namespace Bartizan.Cli.Tests.Check;

/// <summary>Our checks for other clouds against answers that others tested; <c>docs/conformance/known-answers.yaml</c> says which ask the same.</summary>
public sealed class KnownAnswersTests(ITestOutputHelper output)
{
    private const double Wanted = 0.9;

    private static readonly PosturePack Pack = PosturePack.ReadFolder(CheckRun.Content);

    /// <summary>Every check, the optional ones too.</summary>
    private static readonly FileJudge Judge = new(new CheckSet(Pack).Resolve(null, [], Pack.Checks.ToDictionary(c => c.EffectParameter, c => PolicyValue.Of(c.Effect))).Value);

    private static readonly SourceMap Mapping =
        (SourceMap)SourceDocument.Read("known-answers.yaml", File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "conformance", "known-answers.yaml"))).Root!;

    private static readonly string[] Silencers = ["SuppressedRules", "rules_to_suppress"];

    private int agreed;
    private int compared;

    [Fact]
    public void Every_check_of_the_mapping_exists()
    {
        var known = Pack.Checks.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var named = Maps("guard").Concat(Maps("templates")).Concat(Maps("arm")).SelectMany(m => m.Value)
            .Concat(Items("assets").Select(i => Text(i, "check")!)).Concat(Items("admission").SelectMany(i => Texts(i["checks"])));

        Assert.Superset(named.ToHashSet(StringComparer.Ordinal), known);
    }

    [Fact]
    public void Guard_rules_over_CloudFormation()
    {
        var rules = Maps("guard");
        foreach (var line in Lines("aws/guard-cases.jsonl"))
        {
            var text = line.GetProperty("template").GetRawText();
            var findings = new Lazy<List<Finding>>(() => FileReading.Read("t", text, CheckRun.NoParameters, CheckRun.Content) is { IsSuccess: true, Value: var file } ? [.. Judge.Judge(file, Shapes(file))] : []);
            foreach (var expected in line.GetProperty("expected").EnumerateObject())
            {
                // A template that silences the rule says nothing of its resources.
                if (rules.TryGetValue(expected.Name, out var checks) && !Silencers.Any(w => text.Contains(w, StringComparison.Ordinal)))
                {
                    var own = findings.Value.Where(f => checks.Contains(f.Rule.Id)).Select(f => f.State).ToHashSet();
                    var outcome = own.Contains(FindingState.Failed) ? "FAIL" : own.Contains(FindingState.Unknown) ? "UNKNOWN" : own.Count > 0 ? "PASS" : "SKIP";
                    Compare(expected.Value.GetString()!, outcome, $"{expected.Name} {line.GetProperty("case")}: {text}");
                }
            }
        }

        Conclude();
    }

    [Theory]
    [InlineData("aws", "templates")]
    [InlineData("azure", "arm")]
    public void Template_checks(string cloud, string section)
    {
        var checks = Maps(section);
        foreach (var line in Lines(cloud + "/template-check-cases.jsonl").Where(l => checks.ContainsKey(l.GetProperty("check").GetString()!)))
        {
            var own = checks[line.GetProperty("check").GetString()!];
            var files = line.GetProperty("templates").EnumerateObject().Select(t => FileReading.Read(t.Name, t.Value.GetRawText(), CheckRun.NoParameters, CheckRun.Content)).Where(f => f.IsSuccess).Select(f => f.Value).ToList();
            var findings = files.SelectMany(f => Judge.Judge(f, Shapes(f))).Where(f => own.Contains(f.Rule.Id)).ToList();
            var types = Pack.Checks.Where(c => own.Contains(c.Name)).SelectMany(c => c.Types).ToHashSet(StringComparer.OrdinalIgnoreCase);
            foreach (var (list, expected) in new[] { ("passing", FindingState.Passed), ("failing", FindingState.Failed) })
            {
                foreach (var name in line.GetProperty(list).EnumerateArray().Select(n => n.GetString()!).Where(n => types.Contains(n[..n.IndexOf('.', n.StartsWith("Microsoft.", StringComparison.Ordinal) ? "Microsoft.".Length : 0)])))
                {
                    var found = findings.Where(f => name == f.Resource.Resource.Type + "." + f.Resource.Resource.Root.Member("name").AsText).ToList();
                    Compare(expected.ToString(), found.Count == 0 ? "none" : found[0].State.ToString(), $"{line.GetProperty("check")} {name}");
                }
            }
        }

        Conclude();
    }

    [Fact]
    public void Constraints_over_assets()
    {
        var cases = Lines("gcp/asset-cases.jsonl").ToDictionary(l => l.GetProperty("case").GetString()!);
        foreach (var item in Items("assets"))
        {
            var check = Pack.Checks.Single(c => c.Name == Text(item, "check"));
            var (violating, except) = (Texts(item["violating"]), Texts(item["except"]));
            foreach (var part in cases[Text(item, "case")!].GetProperty("assets").EnumerateArray().Where(p => p.GetProperty("file").GetString()!.Contains(Text(item, "file") ?? "", StringComparison.Ordinal)))
            {
                foreach (var asset in part.GetProperty("assets").EnumerateArray().Where(a => check.Types.Contains(a.GetProperty("asset_type").GetString()!)))
                {
                    var name = asset.GetProperty("name").GetString()!.Split('/')[^1];
                    if (!except.Contains(name))
                    {
                        var failed = Findings(CloudEnvironment.Gcp, asset.GetProperty("asset_type").GetString()!, name, asset).Any(f => f.Rule.Id == check.Name && f.State == FindingState.Failed);
                        Compare(violating.Contains(name).ToString(), failed.ToString(), $"{Text(item, "case")} {name}");
                    }
                }
            }
        }

        Conclude();
    }

    [Fact]
    public void Admission_over_manifests()
    {
        foreach (var line in Lines("kubernetes/admission-cases.jsonl"))
        {
            var manifest = line.GetProperty("objects")[0];
            var kind = manifest.GetProperty("kind").GetString()!;
            var asked = line.GetProperty("constraint")[0].TryGetProperty("spec", out var spec) && spec.TryGetProperty("parameters", out var parameters) ? parameters.GetRawText() : null;
            if (kind == "AdmissionReview" || Items("admission").FirstOrDefault(i => Asks(i, line, asked)) is not { } item || IsExempt(asked, manifest.GetRawText()))
            {
                continue;
            }

            var checks = Texts(item["checks"]);
            var failed = Findings(CloudEnvironment.Kubernetes, "kubernetes/" + kind, "", manifest).Any(f => checks.Contains(f.Rule.Id) && f.State == FindingState.Failed);
            var expected = line.GetProperty("violations").EnumerateArray().Any(v => v.ValueKind == JsonValueKind.True || (v.ValueKind == JsonValueKind.Number && v.GetInt32() > 0));
            Compare(expected.ToString(), failed.ToString(), $"{line.GetProperty("template")} {line.GetProperty("case")}: {manifest.GetRawText()}");
        }

        Conclude();
    }

    private static bool Asks(SourceMap item, JsonElement line, string? parameters)
    {
        if (Text(item, "template") != line.GetProperty("template").GetString() || (Text(item, "parameters") == "none" && parameters is not null))
        {
            return false;
        }

        using var asked = JsonDocument.Parse(parameters ?? "{}");
        return new[] { "limits", "requests" }.All(n => item[n] is null
            || (asked.RootElement.TryGetProperty(n, out var given) && Texts(item[n]).SequenceEqual(given.EnumerateArray().Select(g => g.GetString()!))));
    }

    private static bool IsExempt(string? parameters, string manifest)
    {
        using var asked = JsonDocument.Parse(parameters ?? "{}");
        return new[] { "exemptImages", "allowedRoles" }.Any(n => asked.RootElement.TryGetProperty(n, out var list)
            && list.EnumerateArray().Any(e => manifest.Contains('"' + e.GetString()!.TrimEnd('*'), StringComparison.Ordinal)));
    }

    private static IEnumerable<Finding> Findings(CloudEnvironment environment, string type, string name, JsonElement description)
    {
        var shape = PolicyValue.Of([("name", PolicyValue.Of(name)), ("type", PolicyValue.Of(type)), ("properties", ForeignShape.Properties(environment, type, PolicyJson.FromElement(description)))]);
        var resource = new DeclaredResource("f", 1, 1, name, environment, PolicyResource.Of(shape));
        return Judge.Judge(new DeclaredFile("f", "", [resource], []), [resource.Resource]);
    }

    private static List<PolicyResource> Shapes(DeclaredFile file) => [.. file.Resources.Select(r => r.Resource), .. file.Companions];

    private static Dictionary<string, IReadOnlyList<string>> Maps(string section) =>
        ((SourceMap)Mapping[section]!).Entries.ToDictionary(e => e.Key, e => Texts(e.Value));

    private static IEnumerable<SourceMap> Items(string section) => ((SourceList)Mapping[section]!).Items.Cast<SourceMap>();

    private static string? Text(SourceMap map, string key) => (map[key] as SourceScalar)?.Text;

    private static IReadOnlyList<string> Texts(SourceNode? node) =>
        node is SourceList list ? [.. list.Items.OfType<SourceScalar>().Select(s => s.Text)] : node is SourceScalar one ? [one.Text] : [];

    private static IEnumerable<JsonElement> Lines(string file)
    {
        var path = RepositoryRoot.Corpus("resources/" + file);
        Assert.SkipWhen(path is null, $"The file resources/{file} of the corpora is not beside this clone.");
        return File.ReadLines(path).Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement);
    }

    private void Compare(string expected, string actual, string what)
    {
        compared++;
        if (expected == actual)
        {
            agreed++;
        }
        else
        {
            output.WriteLine($"{expected} expected, {actual}: {(what.Length > 600 ? what[..600] : what)}");
        }
    }

    private void Conclude()
    {
        output.WriteLine($"{agreed} of {compared} agree.");
        Assert.True(compared > 0 && agreed >= Wanted * compared, $"{agreed} of {compared} agree.");
    }
}
