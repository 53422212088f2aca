using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Bartizan.Server.Tests;

public sealed partial class PeopleTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string People = "/providers/Microsoft.Bartizan/people";

    [Fact]
    public async Task An_invited_person_chooses_a_password_by_a_link_that_is_good_once_and_is_then_signed_in()
    {
        var (id, link) = await InviteAsync("mia@example.org", "Reader");
        using var browser = new Browser(server);

        var differs = await browser.FillAsync(link, ("password", "correct horse battery"), ("again", "correct horse"));
        var first = await browser.FillAsync(link, ("password", "correct horse battery"), ("again", "correct horse battery"));
        var me = await browser.GetAsync("/providers/Microsoft.Bartizan/server");

        Assert.Contains("The two passwords differ.", differs, StringComparison.Ordinal);
        Assert.Equal("/", first);
        Assert.Contains("mia@example.org", me, StringComparison.Ordinal);
        Assert.Equal("Active", (await FindAsync(id)).GetProperty("state").GetString());
        using var other = new Browser(server);
        var again = await Assert.ThrowsAsync<HttpRequestException>(() => other.GetAsync(link));
        Assert.Equal(HttpStatusCode.Forbidden, again.StatusCode);
    }

    [Fact]
    public async Task A_locked_person_cannot_sign_in_until_unlocked()
    {
        var (id, link) = await InviteAsync("ben@example.org", "Reader");
        using var browser = new Browser(server);
        await browser.FillAsync(link, ("password", "correct horse battery"), ("again", "correct horse battery"));

        var locked = await server.PostAsync($"{People}/{id}/lock", "{}");
        var refused = await browser.FillAsync("/sign-in", ("userName", "ben@example.org"), ("password", "correct horse battery"));
        await server.PostAsync($"{People}/{id}/unlock", "{}");
        var admitted = await browser.FillAsync("/sign-in", ("userName", "ben@example.org"), ("password", "correct horse battery"));

        Assert.Equal("Locked", locked.Json.GetProperty("state").GetString());
        Assert.Contains("locked", refused, StringComparison.Ordinal);
        Assert.Equal("/", admitted);
    }

    [Fact]
    public async Task A_reset_ends_the_password_and_older_links()
    {
        var (id, link) = await InviteAsync("cas@example.org", "Reader");
        using var browser = new Browser(server);
        await browser.FillAsync(link, ("password", "correct horse battery"), ("again", "correct horse battery"));

        var reset = await server.PostAsync($"{People}/{id}/resetPassword", "{}");
        var refused = await browser.FillAsync("/sign-in", ("userName", "cas@example.org"), ("password", "correct horse battery"));

        Assert.NotEqual(link, reset.Json.GetProperty("link").GetString());
        Assert.Contains("is wrong", refused, StringComparison.Ordinal);
        Assert.Equal("Invited", (await FindAsync(id)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_last_person_who_owns_everything_stays_and_readers_change_nobody()
    {
        var (owner, _) = await InviteAsync("owner@example.org", "Owner");
        var reader = await server.ProgramAsync("people reader", "Reader", "/");

        var removed = await server.SendAsync(HttpMethod.Delete, $"{People}/{owner}");
        var locked = await server.PostAsync($"{People}/{owner}/lock", "{}");
        var listed = await server.GetAsync(People, reader);
        var invited = await server.PostAsync(People, """{"userName":"x@example.org"}""", reader);
        var taken = await server.PostAsync($"{People}/{owner}/resetPassword", "{}", reader);

        Assert.Equal("LastOwner", removed.Code);
        Assert.Equal("LastOwner", locked.Code);
        Assert.Equal(HttpStatusCode.OK, listed.Status);
        Assert.Equal(HttpStatusCode.Forbidden, invited.Status);
        Assert.Equal(HttpStatusCode.Forbidden, taken.Status);
    }

    [Fact]
    public async Task Who_gives_roles_in_one_subscription_cannot_take_over_who_holds_one_in_the_tenant()
    {
        var (owner, _) = await InviteAsync("wide-reader@example.org", "Reader");
        var partial = await server.ProgramAsync("partial owner", "Owner", "/subscriptions/77777777-7777-7777-7777-777777777777");

        var taken = await server.PostAsync($"{People}/{owner}/resetPassword", "{}", partial);
        var lifted = await server.PostAsync(People, """{"userName":"lifted@example.org","role":"Owner"}""", partial);

        Assert.Equal(HttpStatusCode.Forbidden, taken.Status);
        Assert.Equal(HttpStatusCode.Forbidden, lifted.Status);
    }

    [Fact]
    public async Task With_an_authenticator_the_password_alone_lets_nobody_in_and_a_recovery_code_does_so_once()
    {
        var (_, link) = await InviteAsync("eva@example.org", "Reader");
        using var browser = new Browser(server);
        await browser.FillAsync(link, ("password", "correct horse battery"), ("again", "correct horse battery"));
        var key = KeyPattern().Match(await browser.GetAsync("/account/authenticator")).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);

        var wrong = await browser.FillAsync("/account/authenticator", ("code", "000000"));
        var done = await browser.FillAsync("/account/authenticator", ("code", CodeOf(key)));
        var recovery = WebUtility.HtmlDecode(KeyPattern().Match(done).Groups[1].Value).Split('\n')[0];
        using var other = new Browser(server);
        (string, string)[] known = [("userName", "eva@example.org"), ("password", "correct horse battery")];
        var alone = await other.FillAsync("/sign-in", known);
        var withCode = await other.FillAsync("/sign-in", [.. known, ("code", CodeOf(key))]);
        var withRecovery = await other.FillAsync("/sign-in", [.. known, ("code", recovery)]);
        var twice = await other.FillAsync("/sign-in", [.. known, ("code", recovery)]);

        Assert.Contains("That code is not right", wrong, StringComparison.Ordinal);
        Assert.Contains("is wrong", alone, StringComparison.Ordinal);
        Assert.True(withCode == "/", withCode);
        Assert.Equal("/", withRecovery);
        Assert.Contains("is wrong", twice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_changes_the_own_password_with_the_present_one()
    {
        var (_, link) = await InviteAsync("fay@example.org", "Reader");
        using var browser = new Browser(server);
        await browser.FillAsync(link, ("password", "correct horse battery"), ("again", "correct horse battery"));

        var wrong = await browser.FillAsync("/account", ("current", "not the password"), ("password", "another long secret"), ("again", "another long secret"));
        var right = await browser.FillAsync("/account", ("current", "correct horse battery"), ("password", "another long secret"), ("again", "another long secret"));

        Assert.Contains("The present password is wrong.", wrong, StringComparison.Ordinal);
        Assert.Contains("The password is changed.", right, StringComparison.Ordinal);
        using var other = new Browser(server);
        Assert.Equal("/", await other.FillAsync("/sign-in", ("userName", "fay@example.org"), ("password", "another long secret")));
    }

    [Fact]
    public async Task What_was_done_stands_in_the_audit_log_whose_chain_is_whole()
    {
        var (id, _) = await InviteAsync("dee@example.org", "Reader");
        await server.SendAsync(HttpMethod.Delete, $"{People}/{id}");

        var log = await server.GetAsync($"/providers/Microsoft.Bartizan/auditLog?$filter=target eq '{id}'");
        var page = await server.GetAsync("/providers/Microsoft.Bartizan/auditLog?$top=2");
        var check = await server.PostAsync("/providers/Microsoft.Bartizan/auditLog/verify", "{}");

        Assert.Equal(["people/delete", "people/write"], log.Items.Select(e => e.GetProperty("action").GetString()).Where(a => a!.StartsWith("people/", StringComparison.Ordinal)));
        Assert.Equal(2, page.Items.Count);
        Assert.Contains("skipToken", page.Json.GetProperty("nextLink").GetString(), StringComparison.Ordinal);
        Assert.True(check.Json.GetProperty("isWhole").GetBoolean(), check.Text);
    }

    private async Task<(string Id, string Link)> InviteAsync(string name, string role)
    {
        var made = await server.PostAsync(People, JsonSerializer.Serialize(new { userName = name, role }));
        Assert.Equal(HttpStatusCode.Created, made.Status);
        return (made.Json.GetProperty("person").GetProperty("objectId").GetString()!, new Uri(made.Json.GetProperty("link").GetString()!).PathAndQuery);
    }

    /// <summary>RFC 6238: six digits of the present half minute.</summary>
    private static string CodeOf(string key)
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var bits = string.Concat(key.Select(c => Convert.ToString(alphabet.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var secret = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The algorithm of the standard.
        var hash = HMACSHA1.HashData(secret, counter);
#pragma warning restore CA5350
        var at = hash[^1] & 15;
        return ((BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(at)) & int.MaxValue) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex("<pre class=\"access-code\"[^>]*>([^<]*)</pre>")]
    private static partial Regex KeyPattern();

    private async Task<JsonElement> FindAsync(string id) => (await server.GetAsync(People)).Items.Single(p => p.GetProperty("objectId").GetString() == id);
}
