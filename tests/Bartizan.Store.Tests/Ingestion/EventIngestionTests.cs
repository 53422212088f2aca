using System.IO.Compression;
using System.Text;
using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Ingestion;

namespace Bartizan.Store.Tests.Ingestion;

public sealed class EventIngestionTests : IDisposable
{
    private readonly OpenStore store = OpenStore.InMemory();

    public void Dispose() => store.Dispose();

    [Fact]
    public async Task Lines_become_typed_rows()
    {
        var receipt = await Append("Syslog", """
            {"TimeGenerated":"2026-05-04T10:11:12.1234567Z","Computer":"web01","ProcessID":"12","SyslogMessage":"a \"quoted\" ü"}
            {"timegenerated":"2026-05-04 10:11:13","COMPUTER":"web02","ProcessID":13.0}
            """);

        Assert.Equal(2, receipt.Accepted);
        var rows = await store.AskAsync("Syslog | order by TimeGenerated asc | project TimeGenerated, Computer, ProcessID, SyslogMessage, Type, TenantId, _TimeReceived, HostIP");
        Assert.Equal(new DateTime(2026, 5, 4, 10, 11, 12, DateTimeKind.Utc).AddTicks(1234567), rows[0][0]);
        Assert.Equal(["web01", 12, "a \"quoted\" ü", "Syslog", "00000000-0000-0000-0000-000000000001", store.Time.GetUtcNow().UtcDateTime, ""], rows[0][1..]);
        Assert.Equal(["web02", 13], rows[1][1..3]);
    }

    [Fact]
    public async Task A_value_that_does_not_fit_and_a_property_without_column_are_kept_in_extra()
    {
        var receipt = await Append("Syslog", """{"TimeGenerated":"yesterday-ish","ProcessID":"many","colour": { "hue" : [1, 2] },"Computer":"c"}""");

        Assert.Equal(1, receipt.Accepted);
        var row = Assert.Single(await store.AskAsync("Syslog | project _Extra, ProcessID, TimeGenerated"));
        Assert.Equal("""{"TimeGenerated":"yesterday-ish","ProcessID":"many","colour":{"hue":[1,2]}}""", row[0]);
        Assert.Null(row[1]);
        Assert.Equal(store.Time.GetUtcNow().UtcDateTime, row[2]);
        Assert.True(Assert.Single(receipt.Problems).IsKept);
    }

    [Fact]
    public async Task A_column_comes_into_being_with_its_first_value_and_queries_see_all_of_them_before_and_after()
    {
        using var disk = OpenStore.OnDisk();
        var declared = disk.Folder.Catalog.FindTable("Syslog")!.Shape;
        await disk.Folder.Ingestion.AppendAsync("Syslog", new MemoryStream("""{"Computer":"a","SeverityLevel":""}"""u8.ToArray()), IngestionOptions.Default, default);
        var before = await disk.AskAsync("Syslog | project Computer, Facility, ProcessID, EventTime, isempty(Facility), isnull(EventTime)");

        await disk.Folder.Ingestion.AppendAsync(
            "Syslog", new MemoryStream("""{"Computer":"b","Facility":"auth","ProcessID":7,"EventTime":"2026-05-04T10:00:00Z"}"""u8.ToArray()), IngestionOptions.Default, default);
        var after = await disk.AskAsync("Syslog | order by Computer asc | project Computer, Facility, ProcessID, EventTime, isempty(Facility), isnull(EventTime)");
        disk.Reopen();

        Assert.Equal(["a", "", null, null, true, true], Assert.Single(before));
        Assert.Equal(before[0], after[0]);
        Assert.Equal(["b", "auth", 7, new DateTime(2026, 5, 4, 10, 0, 0, DateTimeKind.Utc), false, false], after[1]);
        Assert.Equal(after, await disk.AskAsync("Syslog | where Facility in ('', 'auth') | order by Computer asc | project Computer, Facility, ProcessID, EventTime, isempty(Facility), isnull(EventTime)"));
        Assert.Equal(declared.Columns, disk.Folder.Catalog.FindTable("Syslog")!.Shape.Columns);
        Assert.DoesNotContain("SeverityLevel", disk.Folder.Catalog.Find("Syslog")!.Stored);
    }

    [Fact]
    public async Task A_bad_record_goes_to_the_dead_letters_with_its_line_and_the_rest_is_kept()
    {
        var receipt = await Append("Syslog", "{\"Computer\":\"a\"}\n{\"Computer\":\n[1]\n\n{\"Computer\":\"b\"}\nnot json\n{\"Computer\":\"c\\ud800\"}\n");

        Assert.Equal((2, 4), (receipt.Accepted, receipt.Rejected));
        var letters = await store.AskAsync("_DeadLetters | order by Line asc | project TableName, File, Line, Reason, Record");
        Assert.Equal([2L, 3L, 6L, 7L], letters.Select(l => l[2]));
        Assert.Equal("Syslog", letters[0][0]);
        Assert.Equal("not json", letters[2][4]);
        Assert.Equal([2L, 3L, 6L, 7L], receipt.Problems.Select(p => p.Line));
    }

    [Theory]
    [InlineData("[{\"Computer\":\"a\"},\n {\"Computer\":\"b\"} , {\"Computer\":\"c\"}]")]
    [InlineData("{ \"Records\" : [{\"Computer\":\"a\"},{\"Computer\":\"b\"}], \"next\": {\"x\":[1]} }\n{\"Computer\":\"c\"}")]
    [InlineData("{\"value\":[{\"Computer\":\"a\"}]}\n{\"value\":[{\"Computer\":\"b\"},{\"Computer\":\"c\"}]}")]
    [InlineData("{\n  \"Computer\": \"a\"\n}\n{\n  \"Computer\": \"b\"\n}\n{\"Computer\":\"c\"}")]
    [InlineData("\uFEFF{\"Computer\":\"a\"}\r\n{\"Computer\":\"b\"}\r\n\r\n{\"Computer\":\"c\"}")]
    public async Task All_forms_of_json_are_cut_into_records(string text)
    {
        var receipt = await Append("Syslog", text);

        Assert.Equal((3, 0), (receipt.Accepted, receipt.Rejected));
        Assert.Equal(["a", "b", "c"], store.Query("SELECT \"Computer\" FROM \"Syslog\" ORDER BY 1").Select(r => r[0]));
    }

    [Fact]
    public async Task Utf16_from_powershell_is_read()
    {
        var bytes = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("{\"Computer\":\"ä\"}\n{\"Computer\":\"b\"}")).ToArray();

        var receipt = (await store.Folder.Ingestion.AppendAsync("Syslog", new MemoryStream(bytes), IngestionOptions.Default, default)).Value;

        Assert.Equal(2, receipt.Accepted);
    }

    [Fact]
    public async Task Gzip_and_zip_are_unpacked_and_mac_shadows_passed_over()
    {
        using var gzip = new MemoryStream();
        await using (var pack = new GZipStream(gzip, CompressionLevel.Fastest, leaveOpen: true))
        {
            await pack.WriteAsync("{\"Computer\":\"gz\"}"u8.ToArray());
        }

        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry(archive, "day/a.json", "{\"Computer\":\"zip1\"}");
            Entry(archive, "b.json", "[{\"Computer\":\"zip2\"}]");
            Entry(archive, "__MACOSX/._b.json", "rubbish");
        }

        gzip.Position = zip.Position = 0;
        await store.Folder.Ingestion.AppendAsync("Syslog", gzip, IngestionOptions.Default, default);
        var receipt = (await store.Folder.Ingestion.AppendAsync("Syslog", zip, IngestionOptions.Default, default)).Value;

        Assert.Equal((2, 0), (receipt.Accepted, receipt.Rejected));
        Assert.Equal(["gz", "zip1", "zip2"], store.Query("SELECT \"Computer\" FROM \"Syslog\" ORDER BY 1").Select(r => r[0]));
    }

    [Fact]
    public async Task A_wrapped_array_and_a_zip_inside_a_zip_are_read_and_a_third_depth_is_refused()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry(archive, "trail.json", """{"Records":[{"Computer":"wrapped1"},{"Computer":"wrapped2"}]}""");
            Nested(archive, "host.zip", inner => Entry(inner, "a.json", """{"Computer":"nested"}"""));
            Nested(archive, "deep.zip", inner => Nested(inner, "deeper.zip", third => Entry(third, "a.json", """{"Computer":"deep"}""")));
        }

        zip.Position = 0;
        var receipt = (await store.Folder.Ingestion.AppendAsync("Syslog", zip, IngestionOptions.Default, default)).Value;

        Assert.Equal("NestedArchive", receipt.Stopped!.Code);
        Assert.Equal(["nested", "wrapped1", "wrapped2"], store.Query("SELECT \"Computer\" FROM \"Syslog\" ORDER BY 1").Select(r => r[0]));
    }

    [Fact]
    public async Task A_zip_bomb_is_stopped_and_a_damaged_archive_named()
    {
        using var bomb = new MemoryStream();
        using (var archive = new ZipArchive(bomb, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("a.json").Open();
            entry.Write("{\"Computer\":\"first\"}\n"u8);
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 300; i++)
            {
                entry.Write(zeros);
            }
        }

        bomb.Position = 0;
        var receipt = (await store.Folder.Ingestion.AppendAsync("Syslog", bomb, IngestionOptions.Default, default)).Value;
        var damaged = await store.Folder.Ingestion.AppendAsync(
            "Syslog", new MemoryStream([0x1F, 0x8B, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9]), IngestionOptions.Default with { File = "x.gz" }, default);

        Assert.Equal("ArchiveBomb", receipt.Stopped!.Code);
        Assert.Equal(1, receipt.Accepted);
        Assert.Equal("DamagedArchive", damaged.Problem!.Code);
    }

    [Fact]
    public async Task A_hundred_megabyte_line_costs_one_dead_letter_and_little_memory()
    {
        var before = GC.GetTotalAllocatedBytes();
        var receipt = (await store.Folder.Ingestion.AppendAsync("Syslog", new LongLine(100 * 1024 * 1024), IngestionOptions.Default, default)).Value;

        Assert.Equal((2, 1), (receipt.Accepted, receipt.Rejected));
        Assert.Equal(2, Assert.Single(receipt.Problems).Line);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 30_000_000, $"allocated {GC.GetTotalAllocatedBytes() - before:N0} bytes");
    }

    [Fact]
    public async Task A_batch_sent_twice_is_taken_in_once()
    {
        var options = IngestionOptions.Default with { BatchId = "b1" };
        var first = await Append("Syslog", "{\"Computer\":\"a\"}\n{\"Computer\":\"b\"}", options);
        var second = await Append("Syslog", "{\"Computer\":\"a\"}\n{\"Computer\":\"b\"}", options);
        var other = await Append("Syslog", "{\"Computer\":\"a\"}", IngestionOptions.Default with { BatchId = "b2" });

        Assert.Equal((2, 0, 1), (first.Accepted, second.Accepted, other.Accepted));
        Assert.Equal(2, second.Repeated);
    }

    [Fact]
    public async Task A_custom_table_is_made_by_what_comes_and_widened_later()
    {
        await Append("Door_CL", """
            {"TimeGenerated":"2026-05-04T10:00:00Z","door":"north","opened":true,"weight":70,"at":"2026-05-04T09:00:00Z","who":{"id":1}}
            {"door":"south","weight":70.5,"badge no":"x1"}
            """);
        var receipt = await Append("Door_CL", "{\"door\":\"east\",\"floor\":3,\"opened\":\"maybe\"}");

        Assert.Equal((1, 0), (receipt.Accepted, receipt.Rejected));
        var shape = store.Folder.Catalog.FindTable("Door_CL")!.Shape;
        Assert.Equal(
            ["TimeGenerated:DateTime", "door:String", "opened:Bool", "weight:Real", "at:DateTime", "who:Dynamic", "badge_no:String"],
            shape.Columns.Take(7).Select(c => $"{c.Name}:{c.Type}"));
        Assert.Equal("Long", shape.Find("floor")!.Type.ToString());
        var rows = store.Query("SELECT door, weight, badge_no, floor, \"_Extra\" FROM \"Door_CL\" ORDER BY door");
        Assert.Equal(["east", null, "", 3L, "{\"opened\":\"maybe\"}"], rows[0]);
        Assert.Equal(["south", 70.5, "x1", null, null], rows[2]);
    }

    [Fact]
    public async Task Unknown_tables_are_refused_with_a_hint()
    {
        var outcome = await store.Folder.Ingestion.AppendAsync("SigninLog", Stream.Null, IngestionOptions.Default, default);

        Assert.Equal(ProblemKind.NotFound, outcome.Problem!.Kind);
        Assert.Contains("SigninLogs", outcome.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_holds_json_becomes_dynamic()
    {
        await Append("AuditLogs", """{"AdditionalDetails":"[{ \"key\" : \"a\\\"b\" }]","InitiatedBy":"plain","TargetResources":[1, {"a" : 2}]}""");

        var row = Assert.Single(store.Query("SELECT \"AdditionalDetails\", \"InitiatedBy\", \"TargetResources\" FROM \"AuditLogs\""));
        Assert.Equal(["[{\"key\":\"a\\\"b\"}]", "\"plain\"", "[1,{\"a\":2}]"], row);
    }

    [Fact]
    public async Task Many_small_batches_at_once_all_arrive()
    {
        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => Append("Syslog", $"{{\"Computer\":\"c{i}\"}}"))));

        Assert.All(receipts, r => Assert.Equal(1, r.Accepted));
        Assert.Equal(200L, store.Query("SELECT count(DISTINCT \"Computer\") FROM \"Syslog\"")[0][0]);
    }

    [Fact]
    public async Task What_was_accepted_is_there_after_reopening()
    {
        using var disk = OpenStore.OnDisk();
        await disk.Folder.Ingestion.AppendAsync("Door_CL", Text("{\"a\":1}"), IngestionOptions.Default with { BatchId = "x" }, default);
        disk.Reopen();
        var again = (await disk.Folder.Ingestion.AppendAsync("Door_CL", Text("{\"a\":1}"), IngestionOptions.Default with { BatchId = "x" }, default)).Value;

        Assert.Equal(1, again.Repeated);
        Assert.Equal(1L, disk.Query("SELECT count(*) FROM \"Door_CL\"")[0][0]);
        Assert.True(disk.Folder.Catalog.Find("door_cl")!.IsCustom);
    }

    private static void Nested(ZipArchive archive, string name, Action<ZipArchive> fill)
    {
        using var bytes = new MemoryStream();
        using (var inner = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            fill(inner);
        }

        bytes.Position = 0;
        using var content = archive.CreateEntry(name).Open();
        bytes.CopyTo(content);
    }

    private static void Entry(ZipArchive archive, string name, string text)
    {
        using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        writer.Write(text);
    }

    private static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private async Task<IngestionReceipt> Append(string table, string text, IngestionOptions? options = null) =>
        (await store.Folder.Ingestion.AppendAsync(table, Text(text), options ?? IngestionOptions.Default, default)).Value;

    /// <summary>A good line, one of many megabytes, a good line.</summary>
    private sealed class LongLine(int length) : MemoryStream
    {
        private readonly byte[] head = "{\"Computer\":\"a\"}\n{\"Computer\":\""u8.ToArray();
        private readonly byte[] tail = "\"}\n{\"Computer\":\"b\"}\n"u8.ToArray();
        private long position;

        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer)
        {
            if (position < head.Length)
            {
                return Copy(head.AsSpan((int)position), buffer);
            }

            var left = head.Length + (long)length - position;
            if (left > 0)
            {
                var count = (int)Math.Min(left, buffer.Length);
                buffer[..count].Fill((byte)'x');
                position += count;
                return count;
            }

            return Copy(tail.AsSpan((int)(position - head.Length - length)), buffer);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        private int Copy(ReadOnlySpan<byte> from, Span<byte> to)
        {
            var count = Math.Min(from.Length, to.Length);
            from[..count].CopyTo(to);
            position += count;
            return count;
        }
    }
}
