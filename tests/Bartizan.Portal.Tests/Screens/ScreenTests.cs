using System.Text.Json;
using Bartizan.Testing;
using Microsoft.Playwright;

namespace Bartizan.Portal.Tests.Screens;

/// <summary>
/// Every screen in every mood, light and dark, wide and narrow: it loads without an error in the console, has no accessibility fault, and
/// does not scroll sideways. With BARTIZAN_SCREENSHOTS set to a folder, a picture of each is left there.
/// </summary>
public sealed class ScreenTests(Browsing browsing) : IClassFixture<Browsing>
{
    private static readonly string? Pictures = Environment.GetEnvironmentVariable("BARTIZAN_SCREENSHOTS");
    private static readonly string Axe = Path.Combine(RepositoryRoot.Path, "src/Bartizan.Portal/frontend/node_modules/axe-core/axe.min.js");

    public static TheoryData<string, string> Screens => new()
    {
        { "overview", "" },
        { "recommendations", "recommendations" },
        { "controls", "recommendations?group=control" },
        { "recommendation", "recommendations/check-0" },
        { "remediation", "recommendations/check-0?tab=remediation" },
        { "fixes", "fixes" },
        { "fix", "fix?resource=%2Fsubscriptions%2Fs1%2FresourceGroups%2Frg-shop%2Fproviders%2FMicrosoft.Storage%2FstorageAccounts%2Fstshop003&recommendation=check-0" },
        { "fix-plan", "fix?plan=" + InventedPosture.Plan },
        { "policy", "policy?assignment=%2Fsubscriptions%2Fs1%2Fproviders%2FMicrosoft.Authorization%2FpolicyAssignments%2Fa1" },
        { "governance", "governance" },
        { "governance-owners", "governance?tab=owners" },
        { "governance-rules", "governance?tab=rules" },
        { "inventory", "inventory" },
        { "resource", "inventory/resource?id=%2Fsubscriptions%2Fs1%2FresourceGroups%2Frg-shop%2Fproviders%2FMicrosoft.Storage%2FstorageAccounts%2Fstshop003" },
        { "compliance", "compliance" },
        { "standard", "compliance/Standard-0?control=1.1,2.3" },
        { "score", "score" },
        { "score-then", "score?at=2026-11-20T08:00:00Z&scope=%2Fsubscriptions%2Fs1" },
        { "ledger", "score?tab=ledger" },
        { "what-if", "score?tab=whatif&mend=check-0,check-2" },
        { "incidents", "incidents?selected=incident-0" },
        { "incidents-searched", "incidents?q=priya&in=account,comments&created=7&status=New,Active,Closed" },
        { "incident", "incidents/48213" },
        { "story", "incidents/48213?tab=story" },
        { "alerts", "incidents/48213?tab=alerts" },
        { "all-alerts", "alerts" },
        { "entity", "entities/" + InventedResponse.Entity },
        { "entity-incidents", "entities/" + InventedResponse.Entity + "?tab=incidents" },
        { "intelligence", "intelligence" },
        { "watchlists", "watchlists" },
        { "watchlist", "watchlists/high-value-hosts-0" },
        { "automation", "automation" },
        { "playbooks", "automation?tab=playbooks" },
        { "entities", "incidents/48213?tab=entities" },
        { "comments", "incidents/48213?tab=comments" },
        { "graph", "incidents/48213/graph?node=h0" },
        { "graph-list", "incidents/48213/graph?view=list" },
        { "rules", "rules" },
        { "rule", "rules/" + InventedDetection.Rule },
        { "back-test", "rules/" + InventedDetection.Rule + "?tab=test" },
        { "rule-new", "rules/new" },
        { "rule-edit", "rules/" + InventedDetection.Rule + "/edit" },
        { "rule-logic", "rules/" + InventedDetection.Rule + "/edit?step=logic" },
        { "rule-incidents", "rules/" + InventedDetection.Rule + "/edit?step=incidents" },
        { "rule-review", "rules/" + InventedDetection.Rule + "/edit?step=review" },
        { "attack", "attack" },
        { "people", "access" },
        { "roles", "access?tab=roles" },
        { "programs", "access?tab=programs" },
        { "audit", "access?tab=audit" },
        { "logs", "logs?q=" + Parts.LogsLink.Pack("SigninLogs\n| where ResultType != \"0\"\n| take 400") },
        { "chart", "logs?q=" + Parts.LogsLink.Pack("SigninLogs\n| summarize count() by bin(TimeGenerated, 1h)\n| render timechart") },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_screen_is_whole_and_accessible_in_light_and_dark(string name, string place)
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        browsing.Server.Answer(Mood.Usual);
        foreach (var dark in (bool[])[false, true])
        {
            await using var look = await OpenAsync(name, place, dark);
            await look.AssertWholeAsync($"{name}-{look.Theme}-1440");
            if (dark && Pictures is null)
            {
                // The colours have been looked at, and the narrow page in light; with pictures every one is taken.
                continue;
            }

            await look.NarrowAsync(1024);
            await look.AssertWholeAsync($"{name}-{look.Theme}-1024");
        }
    }

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task A_screen_holds_when_the_server_has_nothing_fails_waits_or_has_very_much(string name, string place)
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        foreach (var mood in (Mood[])[Mood.Empty, Mood.Failing, Mood.Slow, Mood.Full])
        {
            browsing.Server.Answer(mood);
            await using var look = await OpenAsync(name, place, dark: mood is Mood.Failing);
            await look.AssertWholeAsync($"{name}-{mood.ToString().ToLowerInvariant()}");
        }
    }

    [Fact]
    public async Task A_queue_is_worked_by_keyboard_and_a_change_taken_back()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        browsing.Server.Answer(Mood.Usual);
        await using var look = await OpenAsync("incidents", "incidents", dark: false);
        var page = look.Page;
        await page.FocusAsync(".grid");
        foreach (var key in (string[])["j", "x", "j", "x"])
        {
            await page.Keyboard.PressAsync(key);
            await page.WaitForTimeoutAsync(150);
        }

        await page.WaitForSelectorAsync(".chosen >> text=2 chosen");
        await page.Keyboard.PressAsync("v");
        await page.WaitForSelectorAsync("[role=menu] [role=menuitem]:has-text('Informational'):visible");
        await look.AssertWholeAsync("incidents-bulk");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("text=Severity set to Informational");
        Assert.Equal(2, await page.Locator("tr[role=row]:nth-child(-n+4) >> text=Informational").CountAsync());

        await page.FocusAsync(".grid");
        await page.Keyboard.PressAsync("u");
        await page.WaitForSelectorAsync("text=Undone");

        await page.FocusAsync(".grid");
        await page.Keyboard.PressAsync("t");
        await page.WaitForSelectorAsync("#tag-add");
        await look.AssertWholeAsync("incidents-tags");
        await page.FillAsync("#tag-add", "phishing");
        await page.ClickAsync(".dialog-foot button:has-text('Apply')");
        await page.WaitForSelectorAsync(".pane .tag >> text=phishing");
    }

    [Fact]
    public async Task A_queue_is_searched_in_every_place_reset_and_kept_as_a_view()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        browsing.Server.Answer(Mood.Usual);
        await using var look = await OpenAsync("incidents", "incidents", dark: false);
        var page = look.Page;
        await page.ClickAsync("button.pill:has-text('Advanced search')");
        await page.FillAsync("#advanced-text", "priya");
        await page.CheckAsync("label:has-text('Comments') input");
        await page.CheckAsync("label:has-text('IP address') input");
        await look.AssertWholeAsync("incidents-advanced");
        await page.Keyboard.PressAsync("Escape");
        await page.WaitForSelectorAsync("#advanced-text", new() { State = WaitForSelectorState.Detached });
        await page.ClickAsync("button.pill:has-text('Advanced search')");
        await page.WaitForSelectorAsync("#advanced-text");
        Assert.False(await page.IsCheckedAsync("label:has-text('Comments') input"));
        await page.CheckAsync("label:has-text('Comments') input");
        await page.ClickAsync(".dialog-foot button:has-text('Search')");
        await page.WaitForURLAsync("**/incidents?*comments*");

        await page.ClickAsync("button.command:has-text('Views')");
        await page.ClickAsync("text=Save or remove a view");
        await page.FillAsync("#view-name", "Said in comments");
        await page.ClickAsync(".dialog-foot button:has-text('Save')");
        await page.ClickAsync("button.pill.on:has-text('Searching')");
        await page.WaitForSelectorAsync("label:has-text('Comments') input:checked");
        await page.ClickAsync("text=Reset to default");
        await page.WaitForSelectorAsync("label:has-text('Comments') input:not(:checked)");
        await page.ClickAsync(".dialog-foot button:has-text('Search')");
        await page.WaitForSelectorAsync("button.pill:has-text('Advanced search')");
        Assert.DoesNotContain("comments", page.Url, StringComparison.Ordinal);

        await page.ClickAsync("button.command:has-text('Views')");
        await look.AssertWholeAsync("incidents-views");
        await page.ClickAsync("[role=menuitem]:has-text('Said in comments')");
        await page.WaitForURLAsync("**/incidents?*comments*");
    }

    [Fact]
    public async Task A_rule_is_written_tried_on_the_past_and_saved()
    {
        Assert.SkipWhen(Browsing.IsMissing, "Chromium is not installed.");
        browsing.Server.Answer(Mood.Usual);
        await using var look = await OpenAsync("rule-new", "rules/new?q=" + Parts.LogsLink.Pack("SigninLogs\n| where ResultType != \"0\""), dark: false);
        var page = look.Page;
        await page.FillAsync("#r-name", "Failed sign-ins");
        await page.ClickAsync(".chips label:has-text('Initial access')");
        await page.ClickAsync(".wizard-foot a.primary");
        await page.WaitForSelectorAsync(".logs-editor[data-ready=true]");
        await page.ClickAsync("button:has-text('Show results')");
        await page.WaitForSelectorAsync(".wizard-preview th >> text=UserPrincipalName");
        await page.ClickAsync("button:has-text('Back-test')");
        await page.WaitForSelectorAsync(".simulation rect");
        await look.AssertWholeAsync("rule-tried");
        await page.ClickAsync("text=Add an entity");
        await page.SelectOptionAsync("select[aria-label=Identifier]", "Name");
        await page.FillAsync("input[aria-label=Column]", "UserPrincipalName");
        await page.Keyboard.PressAsync("Tab");
        await look.AssertWholeAsync("rule-entities");
        await page.ClickAsync(".wizard-steps a:has-text('Review')");
        await page.WaitForSelectorAsync("dd >> text=Account");
        await page.ClickAsync("button:has-text('Save')");
        await page.WaitForSelectorAsync("text=The rule is saved");
    }

    private async Task<Look> OpenAsync(string name, string place, bool dark)
    {
        var look = new Look(await browsing.Context.NewPageAsync(), dark);
        await look.OpenAsync($"{browsing.Server.Address}/{place}", isDrawnByScript: name.StartsWith("graph", StringComparison.Ordinal) || name is "rule-logic", isEditor: name is "logs" or "chart");
        return look;
    }

    /// <summary>One page of the browser on one screen.</summary>
    private sealed class Look(IPage page, bool dark) : IAsyncDisposable
    {
        private readonly List<string> faults = [];

        public IPage Page => page;

        public string Theme => dark ? "dark" : "light";

        public async Task OpenAsync(string address, bool isDrawnByScript, bool isEditor)
        {
            await page.SetViewportSizeAsync(1440, 900);
            await page.AddInitScriptAsync($"localStorage.setItem('bartizan:theme', '{Theme}')");
            page.Console += (_, message) =>
            {
                if (message.Type == "error")
                {
                    faults.Add(message.Text);
                }
            };
            page.PageError += (_, fault) => faults.Add(fault);
            await page.GotoAsync(address);
            await page.WaitForSelectorAsync("html[data-interactive=true]");
            await page.WaitForSelectorAsync("h1");
            if (isEditor)
            {
                await page.WaitForSelectorAsync(".logs-editor[data-ready=true]");
            }

            await page.WaitForTimeoutAsync(isDrawnByScript || isEditor ? 1200 : 300);
        }

        public async Task NarrowAsync(int width)
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.WaitForTimeoutAsync(200);
            foreach (var title in (await page.Locator(".grid tbody tr .title").AllAsync()).Take(1))
            {
                // The column that says what a row is keeps its room, whatever else must go.
                var cell = await title.EvaluateAsync<double>("e => e.closest('td').getBoundingClientRect().width");
                Assert.True(cell >= 140, $"The title has {cell} pixels at a width of {width}.");
            }
        }

        public async Task AssertWholeAsync(string picture)
        {
            if (Pictures is not null)
            {
                Directory.CreateDirectory(Pictures);
                await page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, picture + ".png") });
            }

            Assert.Empty(faults);
            var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.Equal(0, overflow);
            await AssertAccessibleAsync(page, picture);
        }

        public async ValueTask DisposeAsync() => await page.CloseAsync();
    }

    private static async Task AssertAccessibleAsync(IPage page, string picture)
    {
        // The page's own policy forbids foreign scripts; the checker is evaluated by the debugger, which it does not bind.
        await page.EvaluateAsync(await File.ReadAllTextAsync(Axe));
        var found = await page.EvaluateAsync<JsonElement>(
            "async () => (await axe.run({ exclude: [['.monaco-editor']] }, { resultTypes: ['violations'] })).violations.map(v => ({ id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200)) }))");
        Assert.True(found.GetArrayLength() == 0, $"{picture}: {found}");
    }
}
