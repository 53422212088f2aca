using System.CommandLine;
using System.Text.Json;
using Bartizan.Cli.Rules;
using Bartizan.Testing;

namespace Bartizan.Cli.Tests.Rules;

/// <summary>Real recordings of attacks replayed against the product's own rules.</summary>
public sealed class EvaluateCommandTests
{
    /// <summary>Small ones of each platform and shape; the whole set is replayed by name.</summary>
    private static readonly string[] few =
        ["SDAWS-200914011940", "SDLIN-201110074812", "SDWIN-201018195009", "SDWIN-201219070027", "SDWIN-201023023651", "377d9af5-5009-48d9-ae97-1756a01d7ef8"];

    [Fact]
    public async Task Each_of_a_few_recordings_has_an_alert_of_a_right_technique() => await EvaluateAsync(few, share: 1, noise: 2);

    /// <summary>60 recordings, 585,000 events; about three minutes. Run it by name.</summary>
    [Fact(Explicit = true)]
    public async Task Nine_in_ten_recordings_have_an_alert_of_a_right_technique_with_little_noise() => await EvaluateAsync([], share: 0.9, noise: 2);

    [Fact]
    public async Task An_index_that_is_not_there_is_said_so()
    {
        var (code, _, errors) = await RunAsync("evaluate", "--recordings", "nowhere/index.jsonl");
        Assert.Equal(2, code);
        Assert.Contains("does not exist", errors, StringComparison.Ordinal);
    }

    private static async Task EvaluateAsync(string[] ids, double share, double noise)
    {
        var index = RepositoryRoot.Corpus("attacks/index.jsonl");
        Assert.SkipWhen(index is null, "The recordings lie in ../shared/corpora/attacks, which is not here.");
        string[] only = ids.Length == 0 ? [] : ["--only", .. ids];
        var (code, output, errors) = await RunAsync(["evaluate", "--recordings", index, "--output", "json", .. only]);
        Assert.Equal(0, code);
        using var document = JsonDocument.Parse(output);
        var results = document.RootElement.EnumerateArray().ToList();
        Assert.True(results.Count >= Math.Max(1, ids.Length), errors);
        var (right, other) = (0, 0);
        foreach (var result in results)
        {
            var labels = Texts(result.GetProperty("techniques"));
            var alerts = result.GetProperty("alerts").EnumerateArray().ToLookup(a => Texts(a.GetProperty("techniques")).Any(t => labels.Any(l => Same(t, l))));
            right += alerts[true].Any() ? 1 : 0;
            other += alerts[false].Sum(a => a.GetProperty("count").GetInt32());
        }

        Assert.True(right >= share * results.Count, $"{right} of {results.Count}\n{errors}");
        Assert.True(other <= noise * results.Count, $"{other} other alerts over {results.Count}\n{errors}");
    }

    private static bool Same(string a, string b) => a == b || a.StartsWith(b + ".", StringComparison.Ordinal) || b.StartsWith(a + ".", StringComparison.Ordinal);

    private static IReadOnlyList<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(t => t.GetString()!)];

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await RulesCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString(), errors.ToString());
    }
}
