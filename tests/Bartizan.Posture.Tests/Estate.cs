using System.Text.Json;
using Bartizan.Connectors.Import;
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

    public Task PutAsync(params string[] json) => PutAsync(json.Select(Read).ToList());

    public Task PutAsync(IReadOnlyList<Resource> all) => Resources.UpsertAsync(all, "test", TestContext.Current.CancellationToken);

    public async Task LoadSampleAsync()
    {
        var sample = SampleEstate.Open(Path.Combine(RepositoryRoot.Path, "content", "sample"), DateTimeOffset.UnixEpoch);
        using var reader = new StreamReader(sample.OpenResources());
        var all = new List<Resource>();
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            all.Add(Read(line));
        }

        await PutAsync(all);
    }

    public static Resource Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ResourceReader.Read(document.RootElement).Value;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
