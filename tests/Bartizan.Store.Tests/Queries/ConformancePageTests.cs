using Bartizan.Testing;

namespace Bartizan.Store.Tests.Queries;

/// <summary>The conformance page says what runs, and all that the catalogues offer runs.</summary>
public sealed class ConformancePageTests
{
    [Fact]
    public async Task The_page_is_what_the_catalogues_and_the_engine_say()
    {
        using var store = OpenStore.InMemory();
        var page = new ConformancePage(store.Queries);
        var text = await page.WriteAsync();
        var file = Path.Combine(RepositoryRoot.Path, "docs", "conformance", "kql.md");
        if (Environment.GetEnvironmentVariable("BARTIZAN_ACCEPT") is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
        }

        // The columns that a viewer would choose are the viewer's affair.
        Assert.Equal(["project-smart"], page.Refused.Select(r => r.Split(':')[0]));
        Assert.Equal(await File.ReadAllTextAsync(file), text);
    }
}
