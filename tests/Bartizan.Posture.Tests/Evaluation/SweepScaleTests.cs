using System.Diagnostics;
using Bartizan.Foundation.Resources;

namespace Bartizan.Posture.Tests.Evaluation;

/// <summary>Figures for the closing note; run by hand: <c>--explicit only</c>.</summary>
public sealed class SweepScaleTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [InlineData(10_000)]
    [InlineData(30_000)]
    public async Task A_large_estate_is_swept_and_one_change_shows_at_once(int count)
    {
        await using var estate = new Estate();
        var start = Stopwatch.GetTimestamp();
        foreach (var part in Enumerable.Range(0, count).Chunk(5_000))
        {
            await estate.PutAsync([.. part.Select(i => Account(i, i % 3 == 0))]);
        }

        var imported = Stopwatch.GetElapsedTime(start);
        var first = await estate.Sweep.SweepAsync(Stop);
        var second = await estate.Sweep.SweepAsync(Stop);
        await estate.PutAsync(Account(1, true));
        start = Stopwatch.GetTimestamp();
        await estate.Sweep.ReviseAsync([Id(1)], Stop);
        _ = estate.Queries.Scores.All();
        var revised = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        _ = estate.Queries.Recommendations();
        var listed = Stopwatch.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{count}: import {imported.TotalSeconds:F1} s, first sweep {first.Took.TotalSeconds:F1} s ({first.Assessments} assessments), again {second.Took.TotalSeconds:F1} s, one change {revised.TotalMilliseconds:F0} ms, list {listed.TotalMilliseconds:F0} ms, {GC.GetTotalMemory(false) / 1_000_000} MB");
        Assert.True(revised < TimeSpan.FromSeconds(1));
    }

    private static ResourceId Id(int i) => ResourceId.Parse($"/subscriptions/11111111-1111-1111-1111-11111111111{i % 5}/resourceGroups/rg{i % 100}/providers/Microsoft.Storage/storageAccounts/a{i}");

    private static string Account(int i, bool isGood) =>
        $$"""{"id":"{{Id(i)}}","name":"a{{i}}","type":"Microsoft.Storage/storageAccounts","kind":"StorageV2","location":"westeurope","properties":{"supportsHttpsTrafficOnly":{{(isGood ? "true" : "false")}},"minimumTlsVersion":"TLS1_2","allowBlobPublicAccess":false} }""";
}
