using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Detection.Tests.Incidents;

public sealed class IncidentTasksTests : IDisposable
{
    private static readonly Actor ann = Actor.User("Ann");
    private readonly Workbench bench = new();
    private readonly IncidentTasks tasks;

    public IncidentTasksTests() => tasks = new IncidentTasks(bench.Incidents);

    [Fact]
    public async Task Tasks_are_kept_in_order_and_counted_as_they_are_done()
    {
        var incident = await NewAsync();
        var first = Guid.CreateVersion7(bench.Time.GetUtcNow());
        await tasks.PutAsync(incident, first, "Isolate the host", "by its agent", null, ann, null, default);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await tasks.PutAsync(incident, Guid.CreateVersion7(bench.Time.GetUtcNow()), "Ask the owner", null, null, ann, null, default);
        await tasks.PutAsync(incident, first, "Isolate the host", null, IncidentTaskStatus.Completed, ann, null, default);

        var list = await tasks.ListAsync(incident, default);
        var now = (await bench.Incidents.FindAsync(incident, default))!.Value;
        var log = (await bench.Incidents.ActivitiesAsync(incident, 10, null, default)).Value.Items.Select(a => a.Value.Action).ToList();

        Assert.Equal(["Isolate the host", "Ask the owner"], list.Select(t => t.Value.Title));
        Assert.Equal("by its agent", list[0].Value.Description);
        Assert.Equal((2, 1), (now.TaskCount, now.CompletedTaskCount));
        Assert.Contains("taskCompleted", log);
        Assert.True((await tasks.DeleteAsync(incident, first, ann, default)).Value);
        now = (await bench.Incidents.FindAsync(incident, default))!.Value;
        Assert.Equal((1, 0), (now.TaskCount, now.CompletedTaskCount));
    }

    [Fact]
    public async Task The_forty_first_task_and_a_task_without_title_are_refused()
    {
        var incident = await NewAsync();
        for (var i = 0; i < IncidentTask.MaxPerIncident; i++)
        {
            Assert.True((await tasks.PutAsync(incident, Guid.CreateVersion7(bench.Time.GetUtcNow()), $"Step {i}", null, null, ann, null, default)).IsSuccess);
        }

        Assert.Equal(ProblemKind.Invalid, (await tasks.PutAsync(incident, Guid.CreateVersion7(bench.Time.GetUtcNow()), "One more", null, null, ann, null, default)).Problem!.Kind);
        Assert.Equal("title", (await tasks.PutAsync(incident, Guid.CreateVersion7(bench.Time.GetUtcNow()), " ", null, null, ann, null, default)).Problem!.Target);
    }

    [Fact]
    public async Task Of_two_who_change_a_task_the_second_is_told()
    {
        var incident = await NewAsync();
        var id = Guid.CreateVersion7(bench.Time.GetUtcNow());
        var read = (await tasks.PutAsync(incident, id, "Step", null, null, ann, null, default)).Value;
        Assert.True((await tasks.PutAsync(incident, id, "Step one", null, null, ann, read.ETag, default)).IsSuccess);
        Assert.Equal(ProblemKind.PreconditionFailed, (await tasks.PutAsync(incident, id, "Step two", null, null, ann, read.ETag, default)).Problem!.Kind);
    }

    public void Dispose() => bench.Dispose();

    private async Task<Guid> NewAsync() =>
        (await bench.Incidents.CreateAsync(Guid.CreateVersion7(bench.Time.GetUtcNow()), new IncidentChange { Title = "Case" }, ann, default)).Value.Value.Id;
}
