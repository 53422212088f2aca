namespace Bartizan.Architecture.Tests;

public sealed class VocabularyTests
{
    private static readonly string[] Banned =
        ["Manager", "Helper", "Util", "Utils", "Service", "Services", "Processor", "Common", "Misc", "Impl", "Info", "Data"];

    /// <summary>The namespaces that open a connection, and the rooms or folders that may name them.</summary>
    private static readonly string[] Network = ["System.Net.Http.", "System.Net.Sockets.", "System.Net.WebSockets.", "System.Net.Mail."];

    [Fact]
    public void No_type_name_outside_Wire_ends_in_a_banned_word()
    {
        var looked = 0;
        var wrong = new List<string>();
        foreach (var room in House.Rooms.Where(r => r != "Wire"))
        {
            using var module = Assemblies.Read(room);
            foreach (var type in Assemblies.Types(module).SelectMany(Everything))
            {
                looked++;
                var name = type.Name.Split('`')[0];
                if (Banned.Any(b => name.EndsWith(b, StringComparison.Ordinal)))
                {
                    wrong.Add(type.FullName);
                }
            }
        }

        Assert.True(looked > 100, $"looked at {looked} types");
        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }

    [Fact]
    public void Only_the_outward_rooms_open_a_connection()
    {
        var allowed = new HashSet<string>(["Connectors", "Server", "Agent"], StringComparer.Ordinal);

        // What family an address is of opens no connection, though .NET keeps the word beside its sockets.
        Assert.Empty(Naming(room => !allowed.Contains(room), type => !type.Namespace.StartsWith("Bartizan.Wire.Client", StringComparison.Ordinal), Network, "System.Net.Sockets.AddressFamily"));
        Assert.NotEmpty(Naming(room => allowed.Contains(room) || room == "Wire", _ => true, Network));
    }

    [Fact]
    public void Only_Server_and_Portal_use_AspNetCore() =>
        Assert.Empty(Naming(room => room is not ("Server" or "Portal"), _ => true, ["Microsoft.AspNetCore."]));

    /// <summary>Store.Engines alone knows a database; records and the issuer's own tables speak EF Core (ADRs 4 and 5).</summary>
    [Fact]
    public void Only_the_engines_use_a_database()
    {
        Assert.Empty(Naming(
            _ => true,
            type => !type.Namespace.StartsWith("Bartizan.Store.Engines", StringComparison.Ordinal)
                && !type.Namespace.StartsWith("Bartizan.Server.Auth", StringComparison.Ordinal),
            ["DuckDB.", "ClickHouse.", "Npgsql.", "Microsoft.Data.Sqlite."]));
        Assert.Empty(Naming(
            _ => true,
            type => !type.Namespace.StartsWith("Bartizan.Store.Engines", StringComparison.Ordinal)
                && !type.Namespace.StartsWith("Bartizan.Store.Records", StringComparison.Ordinal)
                && !type.Namespace.StartsWith("Bartizan.Server.Auth", StringComparison.Ordinal),
            ["Microsoft.EntityFrameworkCore."]));
        Assert.NotEmpty(Naming(room => room == "Store", _ => true, ["DuckDB."]));
    }

    private static List<string> Naming(Func<string, bool> rooms, Func<Mono.Cecil.TypeDefinition, bool> types, string[] prefixes, string? besides = null)
    {
        var found = new List<string>();
        foreach (var room in House.Rooms.Where(rooms))
        {
            using var module = Assemblies.Read(room);
            found.AddRange(Assemblies.Types(module).Where(types)
                .SelectMany(t => Assemblies.References(t)
                    .Where(r => r.FullName != besides && prefixes.Any(p => r.FullName.StartsWith(p, StringComparison.Ordinal)))
                    .Select(r => $"{t.FullName} names {r.FullName}")
                    .Take(1)));
        }

        return found;
    }

    private static IEnumerable<Mono.Cecil.TypeDefinition> Everything(Mono.Cecil.TypeDefinition type) =>
        type.NestedTypes.Where(t => !t.Name.StartsWith('<')).SelectMany(Everything).Append(type);
}
