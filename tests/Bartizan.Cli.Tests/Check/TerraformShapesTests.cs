using Bartizan.Cli.Check;
using Bartizan.Content.Documents;
using Bartizan.Content.Packs;

namespace Bartizan.Cli.Tests.Check;

public sealed class TerraformShapesTests
{
    [Fact]
    public void Every_entry_is_read_and_some_check_is_asked_of_it()
    {
        var shapes = TerraformShapes.Read(CheckRun.Content);
        var types = PosturePack.ReadFolder(CheckRun.Content).Checks.SelectMany(c => c.Types).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(CheckRun.Content, "terraform"), "*.yaml"))
        {
            names.AddRange(Assert.IsType<SourceMap>(SourceDocument.Read(file, File.ReadAllText(file)).Root).Entries.Select(e => e.Key));
        }

        Assert.True(names.Count > 40);
        Assert.All(names, n => Assert.Contains(Assert.IsType<TerraformShape>(shapes.Find(n)).Type, types));
    }
}
