using Bartizan.Content.Tables;
using Bartizan.Kql.Types;
using Bartizan.Testing;

namespace Bartizan.Content.Tests.Tables;

public sealed class TableFileTests
{
    [Fact]
    public void Every_table_of_ours_reads_without_complaint_and_is_named_as_its_file()
    {
        var files = TableFile.ReadFolder(Path.Combine(RepositoryRoot.Path, "content", "tables")).ToList();

        Assert.True(files.Count >= 60, $"{files.Count} tables");
        Assert.Empty(files.SelectMany(f => f.Diagnostics));
        Assert.All(files, f => Assert.Equal(Path.GetFileNameWithoutExtension(f.File), f.Table!.Name));
        Assert.All(files, f => Assert.NotEmpty(f.Table!.Description));
    }

    [Fact]
    public void A_column_has_a_type_and_may_say_what_it_holds()
    {
        var table = TableFile.Read("t.yaml", "name: T\ndescription: d\nretention: 90d\ncolumns:\n  TimeGenerated: datetime, when\n  Bag: dynamic\n").Table!;

        Assert.Equal([new TableColumn("TimeGenerated", KqlType.DateTime, "when"), new TableColumn("Bag", KqlType.Dynamic)], table.Columns);
        Assert.Equal(TimeSpan.FromDays(90), table.Retention);
    }

    [Theory]
    [InlineData("name: T\ndescription: d\ncolumns:\n  TimeGenerated: datetime\n  A: strong\n", "BT004", 5)]
    [InlineData("name: T\ndescription: d\ncolumns:\n  TimeGenerated: datetime\n  A: string\n  a: int\n", "BT003", 6)]
    [InlineData("name: 1T\ndescription: d\ncolumns:\n  TimeGenerated: datetime\n", "BT001", 1)]
    [InlineData("name: T\ndescription: d\ncolumns:\n  When: datetime\n", "BT005", 1)]
    [InlineData("name: T\ndescription: d\n", "BC005", 1)]
    public void Mistakes_are_told_with_their_line(string text, string code, int line)
    {
        var file = TableFile.Read("t.yaml", text);

        Assert.Null(file.Table);
        var diagnostic = Assert.Single(file.Diagnostics);
        Assert.Equal((code, line), (diagnostic.Diagnostic.Code, diagnostic.Line));
    }
}
