using Bartizan.Content.Packs;
using Bartizan.Content.Policies;
using Bartizan.Testing;

namespace Bartizan.Content.Tests.Policies;

public sealed class ContentFixturesTests
{
    private static readonly PosturePack Pack = PosturePack.ReadFolder(Path.Combine(RepositoryRoot.Path, "content"));

    [Fact]
    public void The_pack_reads_without_a_remark() => Assert.Empty(Pack.Diagnostics.Select(d => d.ToString()));

    [Fact]
    public void Every_check_judges_its_fixtures_as_written()
    {
        Assert.True(Pack.Checks.Count >= 19, $"Only {Pack.Checks.Count} checks were read.");
        Assert.Empty(Pack.Checks.SelectMany(c => ContentFixtures.Prove(c, Pack.Aliases)));
    }

    [Fact]
    public void Every_check_belongs_to_a_control_that_exists_and_says_what_to_do()
    {
        var controls = Pack.Controls.Select(c => c.DisplayName).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(58, Pack.Controls.Sum(c => c.MaxScore));
        Assert.Empty(Pack.Checks.Where(c => c.Controls.Count == 0 || !c.Controls.All(controls.Contains)).Select(c => c.Name));
        Assert.Empty(Pack.Checks.Where(c => c.Remediation.Count == 0).Select(c => c.Name));
    }

    [Theory]
    [InlineData("Aws", 60)]
    [InlineData("Gcp", 30)]
    [InlineData("Kubernetes", 30)]
    public void A_cloud_has_its_checks(string environment, int atLeast) =>
        Assert.True(Pack.Checks.Count(c => c.Environment.ToString() == environment) >= atLeast);

    [Fact]
    public void A_fixture_that_comes_out_differently_is_named()
    {
        const string text = """
            type: A.B/c
            checks:
              - {name: n, title: t, why: w, if: {field: ~/x, equals: 1}, healthy: [{properties: {x: 1}}], unhealthy: [{properties: {x: 1}}]}
            """;
        var check = Assert.Single(CheckFile.Read("f.yaml", text).Checks);

        var fault = Assert.Single(ContentFixtures.Prove(check, Bartizan.Policy.Aliases.AliasTable.Empty));
        Assert.StartsWith("n: fixture 2 is Unhealthy, not Healthy", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_a_condition_is_told_with_its_place()
    {
        const string text = """
            type: A.B/c
            checks:
              - name: n
                title: t
                why: w
                if: {field: ~/x, equalz: 1}
            """;
        var file = CheckFile.Read("f.yaml", text);

        Assert.Empty(file.Checks);
        Assert.Contains(file.Diagnostics, d => d is { Line: 6, Diagnostic.Code: "BC021" });
    }
}
