using Bartizan.Foundation.Outcomes;

namespace Bartizan.Server.Hosting;

/// <summary>Where the tables, policies and rules that come with the product lie: beside the program, or in the clone above it.</summary>
internal static class ContentFolder
{
    public static Outcome<string> Find(string? asked)
    {
        if (asked is not null)
        {
            return IsContent(asked)
                ? Path.GetFullPath(asked)
                : new Problem(ProblemKind.Invalid, "ContentNotFound", $"'{asked}' has no folder 'tables' in it; give the folder 'content' of the product with --content.", "--content");
        }

        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var content = Path.Combine(folder, "content");
            if (IsContent(content))
            {
                return content;
            }
        }

        return new Problem(ProblemKind.Invalid, "ContentNotFound", "The folder 'content' that belongs to the product was not found beside the program; say where it is with --content.", "--content");
    }

    private static bool IsContent(string folder) => Directory.Exists(Path.Combine(folder, "tables"));
}
