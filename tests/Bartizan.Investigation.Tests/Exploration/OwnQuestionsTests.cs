using Bartizan.Content.Samples;
using Bartizan.Detection.Alerts;
using Bartizan.Foundation.Entities;
using Bartizan.Investigation.Exploration;
using Bartizan.Store;
using Bartizan.Store.Ingestion;
using Bartizan.Store.Queries;
using Bartizan.Testing;

namespace Bartizan.Investigation.Tests.Exploration;

/// <summary>The questions under <c>content/exploration</c>, asked over the sample estate.</summary>
public sealed class OwnQuestionsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset end = new(2026, 3, 18, 0, 0, 0, TimeSpan.Zero);
    private static readonly string content = Path.Combine(RepositoryRoot.Path, "content");

    private readonly DataFolder folder = DataFolder.Open(new StoreOptions { ContentFolder = content, MemoryMegabytes = 1024 }, TimeProvider.System).Value;
    private readonly QuestionLibrary library;
    private readonly Explorer explorer;

    public OwnQuestionsTests()
    {
        library = new QuestionLibrary(Path.Combine(content, "exploration"), folder.Catalog);
        explorer = new Explorer(FolderQueries.Over(folder, TimeProvider.System).RunAsync, new AlertStore(folder.Records));
    }

    public async ValueTask InitializeAsync()
    {
        var estate = SampleEstate.Open(Path.Combine(content, "sample"), end);
        foreach (var table in estate.Tables)
        {
            await folder.Ingestion.AppendAsync(table, estate.ReadEvents(table), IngestionOptions.Default, default);
        }
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Every_file_reads_without_a_complaint_and_names_tables_that_exist()
    {
        Assert.True(library.All.Count >= 73, $"{library.All.Count} questions");
        Assert.Empty(library.Diagnostics);
        Assert.All(library.All.SelectMany(q => q.DataSources), t => Assert.NotNull(folder.Catalog.Find(t)));
    }

    [Fact]
    public async Task Every_question_runs_and_those_about_the_intruder_have_answers()
    {
        var entities = new Dictionary<EntityKind, Entity>
        {
            [EntityKind.Host] = Entity.Of(EntityKind.Host, ("HostName", "kh-jump-01"), ("DnsDomain", "kestrelharbour.example")),
            [EntityKind.Account] = Entity.Of(EntityKind.Account, ("Name", "financial.controller"), ("UPNSuffix", "kestrelharbour.example")),
            [EntityKind.IP] = Entity.Of(EntityKind.IP, ("Address", "203.0.113.77")),
            [EntityKind.Process] = Entity.Of(EntityKind.Process, ("CommandLine", "vssadmin.exe delete shadows /all /quiet")),
            [EntityKind.File] = Entity.Of(EntityKind.File, ("Name", "khsync.exe")),
            [EntityKind.FileHash] = Entity.Of(EntityKind.FileHash, ("Algorithm", "MD5"), ("Value", "d41d8cd98f00b204e9800998ecf8427e")),
            [EntityKind.DNS] = Entity.Of(EntityKind.DNS, ("DomainName", "evil.example")),
            [EntityKind.URL] = Entity.Of(EntityKind.URL, ("Url", "http://evil.example/it's")),
            [EntityKind.AzureResource] = Entity.Of(EntityKind.AzureResource, ("ResourceId", "/subscriptions/x/resourceGroups/y/providers/Microsoft.Storage/storageAccounts/o'brien")),
        };
        var answered = 0;
        var refused = new List<string>();
        foreach (var question in library.All)
        {
            var outcome = await explorer.AskAsync(question, entities[question.InputEntity], "node", null, new TimeRange(end.AddDays(-1), end), default);
            if (!outcome.IsSuccess)
            {
                refused.Add($"{question.DisplayName}: {outcome.Problem.Message} {string.Join(' ', outcome.Problem.Diagnostics.Select(d => d.Message))}");
                continue;
            }

            Assert.InRange(outcome.Value.Rows, 0, 10);
            answered += outcome.Value.Nodes.Count > 0 ? 1 : 0;
        }

        Assert.Empty(refused);
        Assert.True(answered >= 25, $"{answered} of {library.All.Count} questions have answers");
    }

    [Fact]
    public async Task Answers_hang_on_the_node_asked_and_carry_what_their_row_says()
    {
        var question = library.All.Single(q => q.DisplayName == "Rarest accounts seen from it");
        var address = Entity.Of(EntityKind.IP, ("Address", "203.0.113.77"));
        var expansion = (await explorer.AskAsync(question, address, "node", null, new TimeRange(end.AddDays(-1), end), default)).Value;
        var edge = expansion.Edges[0];
        Assert.Equal("node", edge.From);
        Assert.Equal("financial.controller@kestrelharbour.example", expansion.Nodes.Single(n => n.Id == edge.To).Label);
        Assert.NotNull(edge.Count);
        Assert.Contains("203.0.113.77", expansion.Query, StringComparison.Ordinal);
    }
}
