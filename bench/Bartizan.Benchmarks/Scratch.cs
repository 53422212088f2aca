using Bartizan.Store;

namespace Bartizan.Benchmarks;

/// <summary>A data folder that goes away with its benchmark.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"bartizan-bench-{Guid.CreateVersion7():N}");

    public Scratch() => Store = DataFolder.Open(new StoreOptions { Folder = folder, ContentFolder = Path.Combine(Root(), "content") }, TimeProvider.System).Value;

    public DataFolder Store { get; }

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The clone that this program was built in.</summary>
    public static string Root()
    {
        for (var place = AppContext.BaseDirectory; place is not null; place = Path.GetDirectoryName(place))
        {
            if (File.Exists(Path.Combine(place, "Bartizan.slnx")))
            {
                return place;
            }
        }

        throw new DirectoryNotFoundException("The benchmarks run inside a clone of the repository.");
    }
}
