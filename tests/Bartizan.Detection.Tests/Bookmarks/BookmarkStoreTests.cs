using Bartizan.Detection.Bookmarks;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.Tests.Bookmarks;

public sealed class BookmarkStoreTests : IDisposable
{
    private static readonly Actor ann = Actor.User("Ann");
    private readonly Workbench bench = new();
    private readonly BookmarkStore bookmarks;

    public BookmarkStoreTests() => bookmarks = new BookmarkStore(bench.Folder.Records, bench.Incidents);

    [Fact]
    public async Task What_a_bookmark_names_and_claims_becomes_part_of_its_incident()
    {
        var incident = await NewIncidentAsync();
        var id = await KeepAsync("Odd sign-in");

        var after = (await bookmarks.RelateAsync(incident, id, ann, default)).Value.Value;

        Assert.Equal([id], after.BookmarkIds);
        Assert.Contains("ana", after.EntityTexts);
        Assert.Equal(["InitialAccess"], after.Tactics);
        Assert.Equal(Sample.Noon.AddHours(-1), after.FirstActivity);
        Assert.Equal(id, Assert.Single(await bookmarks.NamingAsync(Entity.Of(EntityKind.Account, ("Name", "ana"), ("NTDomain", "CONTOSO")), 10, default)).Id);
    }

    [Fact]
    public async Task A_bookmark_is_evidence_of_one_incident_until_that_is_gone()
    {
        var (first, second) = (await NewIncidentAsync(), await NewIncidentAsync());
        var id = await KeepAsync("Odd sign-in");
        Assert.True((await bookmarks.RelateAsync(first, id, ann, default)).IsSuccess);

        Assert.Equal(ProblemKind.Invalid, (await bookmarks.RelateAsync(second, id, ann, default)).Problem!.Kind);
        await bench.Incidents.DeleteAsync(first, null, "Ann", default);
        Assert.True((await bookmarks.RelateAsync(second, id, ann, default)).IsSuccess);
    }

    [Fact]
    public async Task The_twenty_first_bookmark_of_an_incident_is_refused_and_one_that_is_deleted_makes_room()
    {
        var incident = await NewIncidentAsync();
        Guid last = default;
        for (var i = 0; i < Bookmark.MaxPerIncident; i++)
        {
            last = await KeepAsync($"Row {i}");
            Assert.True((await bookmarks.RelateAsync(incident, last, ann, default)).IsSuccess);
        }

        var extra = await KeepAsync("One more");
        Assert.Equal(ProblemKind.Invalid, (await bookmarks.RelateAsync(incident, extra, ann, default)).Problem!.Kind);
        Assert.True((await bookmarks.DeleteAsync(last, null, ann, default)).Value);
        Assert.True((await bookmarks.RelateAsync(incident, extra, ann, default)).IsSuccess);
    }

    public void Dispose() => bench.Dispose();

    private async Task<Guid> NewIncidentAsync()
    {
        var id = Guid.CreateVersion7(bench.Time.GetUtcNow());
        Assert.True((await bench.Incidents.CreateAsync(id, new IncidentChange { Title = "Case" }, ann, default)).IsSuccess);
        return id;
    }

    private async Task<Guid> KeepAsync(string name)
    {
        var bookmark = new Bookmark
        {
            Id = Guid.CreateVersion7(bench.Time.GetUtcNow()),
            DisplayName = name,
            Query = "SigninLogs",
            Tactics = ["InitialAccess"],
            EventTime = Sample.Noon.AddHours(-1),
            Mappings = [new BookmarkEntity(EntityKind.Account, [KeyValuePair.Create("FullName", @"CONTOSO\ana")])],
        };
        Assert.True((await bookmarks.PutAsync(bookmark, null, "Ann", default)).IsSuccess);
        return bookmark.Id;
    }
}
