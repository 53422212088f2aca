using Bartizan.EndToEnd.Tests.Running;

namespace Bartizan.EndToEnd.Tests;

/// <summary>The README's pictures, from the running product; see docs/screenshots.sh.</summary>
public sealed class PictureTests(Browsing browsing) : IClassFixture<Browsing>
{
    [Fact(Explicit = true)]
    public async Task The_screens_with_the_sample_estate()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        var folder = Environment.GetEnvironmentVariable("BARTIZAN_SCREENSHOTS");
        Assert.SkipWhen(folder is null, "BARTIZAN_SCREENSHOTS names no folder.");
        Directory.CreateDirectory(folder);
        await using var server = await RunningServer.StartAsync(null, "--sample");
        var page = await browsing.SignedInAsync(server);

        // The rules go over the sample's day after the start; the pictures wait until they are through.
        var incidents = await server.AskAsync("incidents");
        for (var quiet = 0; quiet < 6;)
        {
            await Task.Delay(TimeSpan.FromSeconds(6));
            var now = await server.AskAsync("incidents");
            quiet = now.GetArrayLength() > 5 && now.GetArrayLength() == incidents.GetArrayLength() ? quiet + 1 : 0;
            incidents = now;
        }

        var incident = $"incidents/{incidents.EnumerateArray().MaxBy(i => i.GetProperty("Alerts").GetInt32()).GetProperty("Number").GetInt32()}";
        foreach (var dark in (bool[])[false, true])
        {
            await page.AddInitScriptAsync($"localStorage.setItem('bartizan:theme', '{(dark ? "dark" : "light")}')");
            foreach (var (name, place, wait) in (IEnumerable<(string, string, string)>)
            [
                ("overview", "", ".donut-value"), ("recommendations", "recommendations", "tr[role=row] a.title"), ("inventory", "inventory", "tr[role=row] a.title"),
                ("incidents", "incidents", "td a[href^='incidents/']"), ("incident", incident, ".happening"), ("graph", incident + "/graph", ".graph-canvas[data-ready=true]"),
                ("story", incident + "?tab=story", ".story-step"), ("rules", "rules", "tr[role=row] a.title"), ("attack", "attack", ".attack-cell"), ("roles", "access?tab=roles", "table.t"),
                ("logs", "logs?q=" + Deflated("SigninLogs\n| summarize Attempts = count() by bin(TimeGenerated, 1h), Outcome = iff(ResultType == \"0\", \"Success\", \"Failure\")\n| render columnchart"), ".logs-chart svg"),
            ])
            {
                await page.GotoAsync($"{server.Address}/{place}");
                await page.WaitForSelectorAsync(wait, new() { Timeout = 90_000 });
                await page.WaitForTimeoutAsync(1500);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "dark" : "light")}.png") });
            }
        }
    }

    private static string Deflated(string text)
    {
        using var buffer = new MemoryStream();
        using (var deflate = new System.IO.Compression.DeflateStream(buffer, System.IO.Compression.CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return System.Buffers.Text.Base64Url.EncodeToString(buffer.ToArray());
    }
}
