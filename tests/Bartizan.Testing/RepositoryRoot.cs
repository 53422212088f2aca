namespace Bartizan.Testing;

/// <summary>Where the clone lies, and the corpora that may lie beside it.</summary>
public static class RepositoryRoot
{
    public static string Path { get; } = Find();

    /// <summary>
    /// A file or folder of real input beside the clone (<c>../shared/corpora</c>, or where <c>BARTIZAN_CORPORA</c> says), or null
    /// where it is absent. Tests that need it skip with that reason.
    /// </summary>
    public static string? Corpus(string relative)
    {
        var folder = Environment.GetEnvironmentVariable("BARTIZAN_CORPORA") ?? System.IO.Path.Combine(Path, "..", "shared", "corpora");
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, relative));
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            if (File.Exists(System.IO.Path.Combine(folder, "Bartizan.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests run inside a clone of the repository; Bartizan.slnx was not found above them.");
    }
}
