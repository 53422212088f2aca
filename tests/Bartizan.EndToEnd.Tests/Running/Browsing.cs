using Microsoft.Playwright;

namespace Bartizan.EndToEnd.Tests.Running;

/// <summary>A real browser; Debian's Chromium, or the one that CHROMIUM names.</summary>
public sealed class Browsing : IAsyncLifetime
{
    private IPlaywright? playwright;

    public static string Program { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    public static bool IsMissing => !File.Exists(Program);

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (IsMissing)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
    }

    /// <summary>A page that is signed in as the first administrator, through the printed link.</summary>
    public async Task<IPage> SignedInAsync(RunningServer server, bool dark = false)
    {
        var context = await Browser.NewContextAsync(new() { IgnoreHTTPSErrors = true, ViewportSize = new() { Width = 1440, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        context.SetDefaultTimeout(60_000);
        await context.AddInitScriptAsync($"localStorage.setItem('bartizan:theme', '{(dark ? "dark" : "light")}')");
        var page = await context.NewPageAsync();
        await page.GotoAsync(server.FirstLink);
        await page.FillAsync("input[name=userName]", "admin@example.org");
        await page.FillAsync("input[name=password]", "a long enough pass phrase 1");
        await page.FillAsync("input[name=again]", "a long enough pass phrase 1");
        await page.ClickAsync("button[type=submit]");
        await page.WaitForSelectorAsync("html[data-interactive=true]");
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
