using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Client;
using Bartizan.Wire.Logs;
using Spectre.Console;

namespace Bartizan.Cli;

/// <summary><c>bartizan import</c>: files of events and resources, sent as they are.</summary>
internal static class ImportCommand
{
    public static Command Create() => new("import", "Send files of events or resources to a server.")
    {
        Events(),
        Resources(),
    };

    private static Command Events()
    {
        var command = new Command(
            "events",
            "Send events: JSON objects a line each, a JSON array, or gzip and zip files of these.\n\n  bartizan import events --table SigninLogs signins.jsonl\n  bartizan import events --table MyApp_CL app.jsonl.gz     a table ending in _CL is made by what it is sent\n"
            + "  bartizan import events recording.zip                     without --table each record tells by its shape where it belongs\n\n"
            + "Exit codes: 0 all taken, 1 some records refused (they are in the table _DeadLetters), 2 wrong use, 3 no server, 4 not allowed.");
        var table = new Option<string?>("--table", "-t") { Description = "The table to append to.", HelpName = "TABLE" };
        command.Options.Add(table);
        Add(command, (client, result, name, stream, cancellationToken) => client.Logs.ImportEventsAsync(result.GetValue(table), name, stream, cancellationToken));
        return command;
    }

    private static Command Resources()
    {
        var command = new Command(
            "resources",
            "Send resources: ARM JSON, lists as Azure answers them, AWS and Google resources in their own shapes; plain, gzip or zip.\n\n  bartizan import resources export.jsonl more.zip\n\n"
            + "Exit codes: 0 all taken, 1 some refused, 2 wrong use, 3 no server, 4 not allowed.");
        Add(command, (client, _, name, stream, cancellationToken) => client.Logs.ImportResourcesAsync(name, stream, cancellationToken));
        return command;
    }

    private static void Add(Command command, Func<BartizanClient, ParseResult, string, Stream, CancellationToken, Task<Outcome<ImportReceipt>>> send)
    {
        var files = new Argument<string[]>("FILE") { Description = "The files; - reads standard input.", Arity = ArgumentArity.OneOrMore };
        command.Arguments.Add(files);
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, (result, client, cancellationToken) => SendAllAsync(
            result.GetValue(files)!, result.GetValue(output), (name, stream) => send(client, result, name, stream, cancellationToken), cancellationToken));
    }

    private static async Task<Outcome<int>> SendAllAsync(string[] files, OutputFormat format, Func<string, Stream, Task<Outcome<ImportReceipt>>> send, CancellationToken cancellationToken)
    {
        if (files.FirstOrDefault(f => f != "-" && !File.Exists(f)) is { } missing)
        {
            return new Problem(ProblemKind.Invalid, "FileNotFound", Directory.Exists(missing) ? $"'{missing}' is a folder; name its files." : $"There is no file '{missing}'; nothing was sent.", missing);
        }

        var receipts = new List<(string File, ImportReceipt Receipt)>();
        Problem? failed = null;
        await AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Progress().AutoClear(true).HideCompleted(false)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                foreach (var file in files)
                {
                    await using var stream = Open(file);
                    var task = progress.AddTask(Markup.Escape(Path.GetFileName(file)), maxValue: stream.CanSeek ? Math.Max(1, stream.Length) : 1);
                    task.IsIndeterminate = !stream.CanSeek;
                    await using var counted = new CountedStream(stream, read => task.Value = read);
                    var outcome = await send(file, counted).ConfigureAwait(false);
                    task.Value = task.MaxValue;
                    if (!outcome.TryGetValue(out var receipt, out failed))
                    {
                        failed = failed with { Message = $"{file}: {failed.Message}" };
                        return;
                    }

                    receipts.Add((file, receipt));
                }
            }).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        Show(receipts, format);
        return failed is not null ? failed : receipts.Any(r => r.Receipt.Rejected > 0) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static Stream Open(string file) => file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);

    private static void Show(List<(string File, ImportReceipt Receipt)> receipts, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            ResultTable.WriteJson(receipts.Select(r => new { file = r.File, r.Receipt.Target, r.Receipt.Accepted, r.Receipt.Unchanged, r.Receipt.Rejected, r.Receipt.Tables, r.Receipt.FirstEvent, r.Receipt.LastEvent, r.Receipt.Problems }).ToList());
            return;
        }

        var table = new ResultTable("File", "Table", "Accepted", "Unchanged", "Refused", "From", "To");
        foreach (var (file, receipt) in receipts)
        {
            // One row a table; what the receipt tells of the whole file stands in its first.
            var rows = receipt.Tables.Count == 0 ? [(Name: receipt.Target, Accepted: (long)receipt.Accepted)] : receipt.Tables.OrderByDescending(t => t.Value).Select(t => (Name: t.Key, Accepted: (long)t.Value)).ToArray();
            table.Add(file, rows[0].Name, rows[0].Accepted, receipt.Unchanged, receipt.Rejected, receipt.FirstEvent, receipt.LastEvent);
            foreach (var (name, accepted) in rows.Skip(1))
            {
                table.Add(file, name, accepted, null, null, null, null);
            }
        }

        if (table.Count > 0)
        {
            table.Write(format);
        }

        foreach (var problem in receipts.SelectMany(r => r.Receipt.Problems))
        {
            Console.Error.WriteLine($"{problem.File}{(problem.Line is { } line ? $":{line}" : "")}: {problem.Reason}");
        }
    }

    /// <summary>Tells how much has been read.</summary>
    private sealed class CountedStream(Stream inner, Action<long> read) : Stream
    {
        private long total;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Count(int length)
        {
            total += length;
            read(total);
            return length;
        }
    }
}
