using System.CommandLine;

namespace Bartizan.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    Table,
    Json,
    Csv,
    Tsv,
}

/// <summary>The option <c>--output</c>, the same on every command.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat> AddTo(Command command)
    {
        var option = new Option<OutputFormat>("--output", "-o") { Description = "How to write the result: a table for people; json, csv or tsv for programs.", DefaultValueFactory = _ => OutputFormat.Table, HelpName = "table|json|csv|tsv" };
        command.Options.Add(option);
        return option;
    }
}
