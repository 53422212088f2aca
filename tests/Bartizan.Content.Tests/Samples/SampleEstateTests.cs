using Bartizan.Content.Samples;
using Bartizan.Testing;

namespace Bartizan.Content.Tests.Samples;

public sealed class SampleEstateTests
{
    private static readonly DateTimeOffset End = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly SampleEstate sample = SampleEstate.Open(Path.Combine(RepositoryRoot.Path, "content", "sample"), End);

    [Fact]
    public void The_day_is_moved_to_end_at_the_asked_moment()
    {
        var times = sample.Tables.SelectMany(sample.ReadEvents).Select(e => e.GetProperty("TimeGenerated").GetDateTimeOffset()).ToList();

        Assert.Equal(8, sample.Tables.Count);
        Assert.True(times.Count > 10_000, $"{times.Count} events");
        Assert.All(times, t => Assert.InRange(t, sample.Start, End));
    }

    [Fact]
    public void Every_time_of_a_row_moves_alike()
    {
        var signIn = sample.ReadEvents("SigninLogs").First();

        Assert.Equal(signIn.GetProperty("TimeGenerated").GetString(), signIn.GetProperty("CreatedDateTime").GetString());
    }

    [Fact]
    public void There_are_about_three_hundred_resources_of_every_cloud()
    {
        using var reader = new StreamReader(sample.OpenResources());
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(lines.Length, 280, 330);
        Assert.Contains(lines, l => l.Contains("AWS::S3::Bucket", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("storage.googleapis.com/Bucket", StringComparison.Ordinal));
        Assert.Equal(10, lines.Count(l => l.Contains("\"type\":\"Microsoft.HybridCompute/machines\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_folder_without_a_sample_is_refused() =>
        Assert.Throws<DirectoryNotFoundException>(() => SampleEstate.Open(Path.GetTempPath(), End));
}
