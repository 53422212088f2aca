using Microsoft.Playwright;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>One Chromium, one context in it and one invented server for all tests of this project; Debian's Chromium, or the one that CHROMIUM names.</summary>
public sealed class Browsing : IAsyncLifetime
{
    private IPlaywright? playwright;
    private IBrowser? browser;

    public static string Program { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    public static bool IsMissing => !File.Exists(Program);

    internal IBrowserContext Context { get; private set; } = null!;

    internal InventedServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (IsMissing)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        Context = await browser.NewContextAsync(new() { BypassCSP = false, ReducedMotion = ReducedMotion.Reduce });
        Server = await InventedServer.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
        {
            await browser.DisposeAsync();
            await Server.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
