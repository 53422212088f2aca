using Bartizan.EndToEnd.Tests.Running;
using Microsoft.Playwright;

namespace Bartizan.EndToEnd.Tests;

/// <summary>What people do on the screens, over a real server: each act is read back through the command line.</summary>
public sealed class ScreenWalkTests(Browsing browsing) : IClassFixture<Browsing>
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("BARTIZAN_SCREENSHOTS");

    [Fact]
    public async Task An_analyst_works_with_alerts_entities_lists_intelligence_and_automation()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        await using var server = await RunningServer.StartAsync(null, "--sample");
        var page = await browsing.SignedInAsync(server);

        await GoAsync(page, $"{server.Address}/watchlists");
        await page.ClickAsync("button.command:has-text('New')");
        await page.SetInputFilesAsync("#wl-file", new FilePayload { Name = "crown jewels.csv", MimeType = "text/csv", Buffer = "Computer,Owner\nSQL-1,ana\nSQL-2,jo\n"u8.ToArray() });
        await page.WaitForSelectorAsync("#wl-key");
        await page.ClickAsync(".dialog-foot button:has-text('Create')");
        await page.WaitForSelectorAsync("tr[role=row] >> text=SQL-2");
        await PictureAsync(page, "watchlist");
        Assert.Equal(2, (await server.AskAsync("query", "_GetWatchlist('crown-jewels') | where Owner in ('ana', 'jo')")).GetArrayLength());

        await page.ClickAsync("button.command:has-text('Add item')");
        await page.FillAsync("#item-Computer", "SQL-3");
        await page.FillAsync("#item-Owner", "mo");
        await page.ClickAsync(".dialog-foot button:has-text('Save')");
        await page.WaitForSelectorAsync("tr[role=row] >> text=SQL-3");
        Assert.Equal("mo", (await server.AskAsync("query", "_GetWatchlist('crown-jewels') | where SearchKey == 'SQL-3'"))[0].GetProperty("Owner").GetString());

        await GoAsync(page, $"{server.Address}/intelligence");
        await page.ClickAsync("button.command:has-text('Add')");
        await page.FillAsync("#ti-value", "203.0.113.99");
        await page.FillAsync("#ti-name", "Known bad");
        await page.ClickAsync(".dialog-foot button:has-text('Add')");
        await page.ClickAsync("tr[role=row] >> text=203.0.113.99");
        await page.WaitForSelectorAsync("pre:has-text(\"[ipv4-addr:value = '203.0.113.99']\")");
        await PictureAsync(page, "intelligence");
        await page.ClickAsync(".pane-foot button:has-text('Revoke')");
        await page.WaitForSelectorAsync(".pane-foot button:has-text('Put in force')");
        await page.ClickAsync("button.command:has-text('Import')");
        await page.FillAsync("#ti-content", "type,value,confidence\ndomain-name,bad.example,80\nnonsense,x,1\n");
        await page.ClickAsync(".dialog-foot button:has-text('Import')");
        await page.WaitForSelectorAsync(".dialog-body >> text=1 indicator");
        Assert.Equal(1, (await server.AskAsync("query", "ThreatIntelIndicators | where ObservableValue == 'bad.example'")).GetArrayLength());
        await page.ClickAsync(".dialog-foot button:has-text('Done')");

        await GoAsync(page, $"{server.Address}/automation");
        await page.ClickAsync("button.command:has-text('New rule')");
        await page.FillAsync("#au-name", "Night shift");
        await page.ClickAsync("text=Add a condition");
        await page.FillAsync("input[aria-label^='Values']", "password");
        await page.SelectOptionAsync("select[aria-label=Action]", "tag");
        await page.FillAsync(".rule-row input[aria-label=Value]", "night");
        await PictureAsync(page, "automation-editor");
        await page.ClickAsync(".dialog-foot button:has-text('Save')");
        await page.WaitForSelectorAsync("td >> text=Tag “night”");
        await PictureAsync(page, "automation");

        await GoAsync(page, $"{server.Address}/alerts");
        await page.Locator("tr[role=row] .title").First.ClickAsync(new() { Timeout = 120_000 });
        await page.WaitForSelectorAsync(".pane table");
        await PictureAsync(page, "alerts");
        var alert = await page.Locator(".pane-head h2").InnerTextAsync();
        await page.ClickAsync("button.command:has-text('Resolve')");
        await page.WaitForSelectorAsync(".pane .is-healthy >> text=Resolved");
        var resolved = await server.AskAsync("query", $"SecurityAlert | summarize arg_max(TimeGenerated, *) by SystemAlertId | where Status == 'Resolved' | project AlertName");
        Assert.Equal(alert, resolved[0].GetProperty("AlertName").GetString());

        await page.Locator(".pane .entity-links a").First.ClickAsync();
        await page.WaitForSelectorAsync(".entity-timeline li:not(.day)");
        Assert.Contains(alert, await page.Locator(".entity-timeline").InnerTextAsync(), StringComparison.Ordinal);
        await PictureAsync(page, "entity");
    }

    [Fact]
    public async Task A_fix_is_proposed_kept_and_approved_on_screen()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        await using var server = await RunningServer.StartAsync(null, "--sample");
        var page = await browsing.SignedInAsync(server);

        await GoAsync(page, $"{server.Address}/recommendations/51fd8bb1-0db4-bbf1-7e2b-cfcba7eb66a6?status=Unhealthy");
        await page.Locator("tr[role=row] td").Nth(0).ClickAsync(new() { Timeout = 60_000 });
        await page.ClickAsync("a:has-text('Show the fix')");
        await page.WaitForSelectorAsync(".fix-changes >> text=properties.allowBlobPublicAccess");
        await PictureAsync(page, "fix");
        await page.ClickAsync("button:has-text('Keep as a plan')");
        await page.FillAsync("input[placeholder^='Why']", "agreed");
        await page.ClickAsync("button:has-text('Approve')");
        await page.ClickAsync("button:has-text('Carry out')");

        // Nothing here leads to that cloud: it is said, and the plan stays as it is.
        await page.WaitForSelectorAsync(".notice.is-bad >> text=No connection leads to");
        await GoAsync(page, $"{server.Address}/fixes");
        await page.WaitForSelectorAsync("tr[role=row] >> text=Approved");
        var plans = await server.AskAsync("fix", "list");
        Assert.Equal("Approved", plans[0].GetProperty("Status").GetString());
    }

    [Fact]
    public async Task A_check_is_switched_off_a_finding_exempted_and_another_given_an_owner()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        await using var server = await RunningServer.StartAsync(null, "--sample");
        var page = await browsing.SignedInAsync(server);
        const string recommendation = "recommendations/51fd8bb1-0db4-bbf1-7e2b-cfcba7eb66a6?status=Unhealthy";
        const string ofCheck = "SecurityResources | where name == '51fd8bb1-0db4-bbf1-7e2b-cfcba7eb66a6' and properties.status.code";

        await GoAsync(page, $"{server.Address}/{recommendation}");
        await page.Locator("tr[role=row] td").Nth(0).ClickAsync(new() { Timeout = 60_000 });
        await page.ClickAsync("button:has-text('Exempt')");
        await page.FillAsync("#ex-reason", "A public site by design");
        await PictureAsync(page, "exempt");
        await page.ClickAsync(".dialog-foot button:has-text('Exempt')");
        await UntilAsync(async () => (await server.AskAsync("query", $"{ofCheck} == 'NotApplicable' and properties.status.cause == 'Exempt'")).GetArrayLength() == 1);

        await GoAsync(page, $"{server.Address}/{recommendation}");
        await page.Locator("tr[role=row] td").Nth(0).ClickAsync();
        await page.ClickAsync("button:has-text('Assign owner')");
        await page.FillAsync("#owner-who", "noor@example.org");
        await page.ClickAsync(".dialog-foot button:has-text('Assign')");
        await GoAsync(page, $"{server.Address}/governance?q=noor");
        await page.WaitForSelectorAsync("tr[role=row] >> text=noor@example.org");
        await PictureAsync(page, "governance");

        await page.ClickAsync("button.command:has-text('New rule')");
        await page.FillAsync("#gr-name", "Severe within a month");
        await page.ClickAsync(".dialog-foot button:has-text('Save')");
        await page.ClickAsync("role=tab[name='Rules']");
        await page.WaitForSelectorAsync("td >> text=Severe within a month");
        await page.ClickAsync("role=tab[name='Owners']");
        await page.WaitForSelectorAsync("td >> text=data@kestrelharbour.example");
        await PictureAsync(page, "owners");

        await GoAsync(page, $"{server.Address}/policy?scope=%2Fsubscriptions%2Fa3c1d7e2-5b84-4f0e-9c3d-1e2f3a4b5c01");
        await page.SelectOptionAsync("select[aria-label='Effect of Storage accounts should not allow anonymous access to blobs']", "Disabled");
        await UntilAsync(async () => (await server.AskAsync("query", $"{ofCheck} == 'NotApplicable' and properties.status.cause == 'OffByPolicy' and id startswith '/subscriptions/a3c1d7e2-5b84-4f0e-9c3d-1e2f3a4b5c01'")).GetArrayLength() > 0);
        await PictureAsync(page, "policy");
    }

    [Fact]
    public async Task An_invited_person_chooses_a_password_by_the_link_and_signs_in()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        await using var server = await RunningServer.StartAsync();
        var page = await browsing.SignedInAsync(server);

        await GoAsync(page, $"{server.Address}/access");
        await page.ClickAsync("button:has-text('Invite')");
        await page.FillAsync("#person-name", "noor@example.org");
        await page.FillAsync("#person-display", "Noor");
        await page.ClickAsync(".dialog-foot button:has-text('Invite')");
        var box = page.Locator(".dialog-body input[readonly], .dialog-body code, .dialog-body .secret").First;
        var link = await box.EvaluateAsync<string>("e => e.value ?? e.textContent");
        Assert.StartsWith(server.Address, link.Trim(), StringComparison.Ordinal);

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(link.Trim());
        foreach (var field in await page.Locator("input[type=password]").AllAsync())
        {
            await field.FillAsync("a-long-and-unusual-passphrase-7");
        }

        await page.ClickAsync("button[type=submit]");
        await page.WaitForLoadStateAsync();
        if (await page.Locator("input[type=password]").CountAsync() > 0)
        {
            await page.Locator("input").Nth(0).FillAsync("noor@example.org");
            await page.Locator("input[type=password]").FillAsync("a-long-and-unusual-passphrase-7");
            await page.ClickAsync("button[type=submit]");
        }

        await page.WaitForSelectorAsync("html[data-interactive=true]");
        Assert.DoesNotContain("sign-in", page.Url, StringComparison.Ordinal);

        // The link was good once.
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(link.Trim());
        Assert.Equal(0, await page.Locator("input[name=password]").CountAsync());
    }

    /// <summary>Opens a page and waits until it answers to clicks; what is pressed before is lost.</summary>
    private static async Task GoAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.WaitForSelectorAsync("html[data-interactive=true]");
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var i = 0; !await holds(); i++)
        {
            Assert.True(i < 60, "It did not come about within a minute.");
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }

    private static async Task PictureAsync(IPage page, string name)
    {
        if (Pictures is not null)
        {
            Directory.CreateDirectory(Pictures);
            await page.WaitForTimeoutAsync(600);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, $"walk-{name}.png") });
        }
    }
}
