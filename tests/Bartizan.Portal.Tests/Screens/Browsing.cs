using Microsoft.Playwright;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>One Chromium for all tests of this project; Debian's, or the one that CHROMIUM names.</summary>
public sealed class Browsing : IAsyncLifetime
{
    private IPlaywright? playwright;

    public static string Program { get; } = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";

    public static bool IsMissing => !File.Exists(Program);

    internal IBrowser Browser { get; private set; } = null!;

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

    public async ValueTask DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        playwright?.Dispose();
    }
}
