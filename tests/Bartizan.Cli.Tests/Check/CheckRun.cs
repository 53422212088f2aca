using System.CommandLine;
using System.Text.Json;
using Bartizan.Cli.Check;
using Bartizan.Policy.Values;

namespace Bartizan.Cli.Tests.Check;

/// <summary>Runs the command over texts, in a folder of its own.</summary>
internal sealed class CheckRun : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("bartizan-check-").FullName;

    public static IReadOnlyDictionary<string, PolicyValue> NoParameters { get; } = new Dictionary<string, PolicyValue>();

    public static DeclaredFile Read(string file, string text, params (string Name, string Json)[] parameters)
    {
        var read = FileReading.Read(file, text, parameters.ToDictionary(p => p.Name, p => PolicyJson.TryParse(p.Json)!), Content);
        Assert.True(read.IsSuccess, read.IsSuccess ? "" : read.Problem.Message);
        return read.Value;
    }

    public static string Content => Path.Combine(Testing.RepositoryRoot.Path, "content");

    public string File(string name, string text)
    {
        var path = Path.Combine(folder, name);
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public static (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var root = new RootCommand { CheckCommand.Create() };
        var exit = root.Parse(["check", .. arguments, "--content", Content]).Invoke(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>What one check says of one resource: Passed, Failed, Unknown, or null where it was not asked.</summary>
    public string? State(string name, string text, string check, string resource)
    {
        var (_, output, error) = Run(File(name, text), "-o", "json");
        Assert.Equal("", error);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("findings").EnumerateArray()
            .Where(f => f.GetProperty("check").GetString() == check && f.GetProperty("resource").GetString() == resource)
            .Select(f => f.GetProperty("state").GetString()).SingleOrDefault();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
