using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bartizan.Foundation.Outcomes;
using Bartizan.Policy.Aliases;
using Bartizan.Policy.Definitions;
using Bartizan.Policy.Evaluation;

namespace Bartizan.Cli.Policy;

/// <summary><c>bartizan policy lint</c>: mistakes in definitions, each with line and column, and how to mend it.</summary>
internal static class LintCommand
{
    private static readonly Argument<string[]> Paths = new("path") { Description = "Definitions, or folders of them.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<FileInfo?> Aliases = new("--aliases", "-a") { Description = "An alias table; aliases that it lacks are remarked on." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table or json.", DefaultValueFactory = _ => "table" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "Remarks fail the command too." };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("lint", "Explain the mistakes in definitions.") { Paths, Aliases, Output, Strict };
        command.SetAction(Run);
        return command;
    }

    /// <summary>What there is to say about the text of a definition.</summary>
    public static IReadOnlyList<FileDiagnostic> Check(string file, string text, AliasTable aliases, bool knowsAliases)
    {
        var read = PolicyDefinition.Parse(text);
        var diagnostics = read.IsSuccess ? PolicyCompiler.Check(read.Value, aliases) : read.Problem.Diagnostics;
        return
        [
            .. from diagnostic in diagnostics
               where knowsAliases || diagnostic.Code != "UnknownAlias"
               orderby diagnostic.Span.Start
               select ProblemText.Place(diagnostic, file, text),
        ];
    }

    private static int Run(ParseResult arguments)
    {
        var (output, errors) = (arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error);
        var aliasFile = arguments.GetValue(Aliases);
        if (!PolicyFile.AliasesOrBuiltIn(aliasFile).TryGetValue(out var aliases, out var problem))
        {
            ProblemText.Write(errors, problem);
            return ExitCodes.Refused;
        }

        var found = new List<FileDiagnostic>();
        foreach (var file in arguments.GetValue(Paths)!.SelectMany(Files))
        {
            if (!PolicyFile.Text(file).TryGetValue(out var text, out problem))
            {
                ProblemText.Write(errors, problem);
                return ExitCodes.Refused;
            }

            found.AddRange(Check(file.ToString(), text, aliases, aliasFile is not null));
        }

        output.Write(arguments.GetValue(Output) == "json" ? ToJson(found) : string.Concat(found.Select(d => d + Environment.NewLine)));
        return found.Any(d => d.IsError || arguments.GetValue(Strict)) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static IEnumerable<FileInfo> Files(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(f => new FileInfo(f))
        : [new FileInfo(path)];

    private static string ToJson(IEnumerable<FileDiagnostic> found)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartArray();
            foreach (var diagnostic in found)
            {
                writer.WriteStartObject();
                writer.WriteString("file", diagnostic.File);
                writer.WriteNumber("line", diagnostic.Line);
                writer.WriteNumber("column", diagnostic.Column);
                writer.WriteString("severity", diagnostic.Diagnostic.Severity.ToString());
                writer.WriteString("code", diagnostic.Diagnostic.Code);
                writer.WriteString("message", diagnostic.Diagnostic.Message);
                writer.WriteString("hint", diagnostic.Diagnostic.Hint);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + Environment.NewLine;
    }
}
