using System.Diagnostics;
using Bartizan.Cli.Output;

namespace Bartizan.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(3, "there is no folder", "score", "--data", "/nowhere/at/all")]
    [InlineData(3, "no server is named", "incidents")]
    [InlineData(4, "you are not signed in", "query", "print 1", "--server", "https://localhost:1")]
    [InlineData(2, "say where to sign in", "login")]
    [InlineData(2, "--nonsense", "score", "--nonsense")]
    [InlineData(2, "--name", "service-principal", "create", "--role", "Reader")]
    [InlineData(3, "no server is running", "recommendations", "--data", ".")]
    public async Task What_is_wrong_is_one_sentence_and_an_exit_code(int code, string said, params string[] arguments)
    {
        var (exit, _, error) = await RunAsync(arguments);

        Assert.Equal(code, exit);
        Assert.Contains(said, error, StringComparison.OrdinalIgnoreCase);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Help_teaches_with_examples_and_exit_codes()
    {
        foreach (var command in new[] { "import events", "import resources", "query", "score", "recommendations", "incidents", "content import policies", "service-principal create", "login" })
        {
            var (exit, output, _) = await RunAsync([.. command.Split(' '), "--help"]);
            Assert.Equal(0, exit);
            Assert.Contains("bartizan " + command.Split(' ')[0], output, StringComparison.Ordinal);
            Assert.Contains("--data", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=cmd()", "'=cmd()")]
    [InlineData("-5.2", "-5.2")]
    public void Csv_quotes_what_needs_it_and_lets_no_formula_through(string cell, string written) =>
        Assert.Equal($"A\n{written}\n", Written(OutputFormat.Csv, cell));

    [Fact]
    public void Tsv_escapes_its_separators() => Assert.Equal("A\nx\\ty\\nz\n", Written(OutputFormat.Tsv, "x\ty\nz"));

    private static string Written(OutputFormat format, string cell)
    {
        var table = new ResultTable("A");
        table.Add(cell);
        var before = Console.Out;
        using var text = new StringWriter();
        Console.SetOut(text);
        try
        {
            table.Write(format);
        }
        finally
        {
            Console.SetOut(before);
        }

        return text.ToString();
    }

    private static async Task<(int Exit, string Output, string Error)> RunAsync(string[] arguments)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "bartizan" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var folder = Directory.CreateTempSubdirectory("bartizan-cli-").FullName;
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["BARTIZAN_CONFIG"] = folder;
        foreach (var name in new[] { "BARTIZAN_SERVER", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_AUTHORITY_HOST" })
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Directory.Delete(folder, recursive: true);
        return (process.ExitCode, await output, await error);
    }
}
