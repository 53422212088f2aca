using Bartizan.Testing;

namespace Bartizan.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void Project_references_equal_the_table()
    {
        var table = House.Table();
        var wrong = House.Rooms
            .Select(room => (room, has: House.ReferencesOf(House.ProjectFile(room)), may: table.GetValueOrDefault(room, [])))
            .Where(r => !r.has.SequenceEqual(r.may))
            .Select(r => $"{r.room} references [{string.Join(", ", r.has)}], the table says [{string.Join(", ", r.may)}]");

        Assert.Equal(15, table.Count);
        Assert.Equal(table.Keys.Order(StringComparer.Ordinal), House.Rooms);
        Assert.True(!wrong.Any(), string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Every_room_has_tests()
    {
        var missing = House.Rooms.Where(room => !HasTest(room)).ToList();

        Assert.NotEmpty(House.Rooms);
        Assert.True(missing.Count == 0, string.Join(", ", missing));
    }

    /// <summary>Only Store's engines use a database package; the host's identity tables are the exception that ADR 4 argues.</summary>
    [Fact]
    public void Only_the_store_brings_a_database_package()
    {
        string[] database = ["DuckDB.NET", "ClickHouse.", "Npgsql", "Microsoft.Data.Sqlite", "Microsoft.EntityFrameworkCore"];
        var found = House.Rooms
            .SelectMany(room => House.PackagesOf(House.ProjectFile(room)).Select(package => (room, package)))
            .ToList();
        var wrong = found.Where(f => f.room != "Store" && database.Any(d => f.package.StartsWith(d, StringComparison.Ordinal)));

        Assert.True(found.Count > 20, $"looked at {found.Count} package references");
        Assert.True(!wrong.Any(), string.Join(Environment.NewLine, wrong));
    }

    private static bool HasTest(string room)
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests", $"Bartizan.{room}.Tests");
        return Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*Tests.cs", SearchOption.AllDirectories)
            .Any(f => File.ReadAllText(f) is var text && (text.Contains("[Fact", StringComparison.Ordinal) || text.Contains("[Theory", StringComparison.Ordinal)));
    }
}
