using Bartizan.Content.Samples;
using Bartizan.Foundation.Resources;
using Bartizan.Posture.Evaluation;
using Bartizan.Store;
using Bartizan.Store.Resources;
using Bartizan.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Bartizan.Posture.Tests;

/// <summary>A store in memory with posture over it.</summary>
public sealed class Estate : IAsyncDisposable
{
    private readonly ServiceProvider services;

    public Estate(string? folder = null)
    {
        services = new ServiceCollection()
            .AddStore(new StoreOptions { Folder = folder, ContentFolder = Path.Combine(RepositoryRoot.Path, "content"), MemoryMegabytes = 256 })
            .AddPosture()
            .BuildServiceProvider();
    }

    public PostureSweep Sweep => Get<PostureSweep>();

    public PostureQueries Queries => Get<PostureQueries>();

    public ResourceStore Resources => Get<ResourceStore>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task<ResourceImportReceipt> PutAsync(params string[] lines)
    {
        using var stream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var options = new ResourceImportOptions("test", "test", ResourceId.Parse("/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/connectors"), _ => true);
        return (await new ResourceImport(Resources).RunAsync(stream, options, TestContext.Current.CancellationToken)).Value;
    }

    public async Task LoadSampleAsync()
    {
        var sample = SampleEstate.Open(Path.Combine(RepositoryRoot.Path, "content", "sample"), DateTimeOffset.UnixEpoch);
        using var reader = new StreamReader(sample.OpenResources());
        await PutAsync((await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n'));
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
