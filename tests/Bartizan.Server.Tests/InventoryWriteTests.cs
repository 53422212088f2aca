using System.Net;
using System.Text;

namespace Bartizan.Server.Tests;

public sealed class InventoryWriteTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Subscription = "/subscriptions/44444444-4444-4444-4444-444444444444";
    private const string Version = "?api-version=2021-04-01";

    [Fact]
    public async Task A_group_is_made_changed_tagged_and_removed_with_what_lies_in_it()
    {
        const string group = Subscription + "/resourceGroups/made";
        Assert.Equal("LocationRequired", (await PutAsync(group, "{}")).Code);
        var made = await PutAsync(group, """{"location":"West Europe","tags":{"team":"blue"}}""");
        var again = await PutAsync(group, """{"location":"westeurope","tags":{"team":"red"}}""");
        var moved = await PutAsync(group, """{"location":"northeurope"}""");
        var patched = await SendAsync(HttpMethod.Patch, group, """{"tags":{"team":"green"}}""");
        var account = await PutAsync(group + "/providers/Microsoft.Storage/storageAccounts/stmade", """{"id":"/subscriptions/x","name":"other","location":"westeurope","properties":{"allowBlobPublicAccess":true}}""");
        var listed = await server.GetAsync(group + "/resources" + Version);
        var removed = await SendAsync(HttpMethod.Delete, group, null);
        var gone = await server.GetAsync(group + "/providers/Microsoft.Storage/storageAccounts/stmade" + Version);

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("westeurope", made.Json.GetProperty("location").GetString());
        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal("InvalidResourceGroupLocation", moved.Code);
        Assert.Equal("green", patched.Json.GetProperty("tags").GetProperty("team").GetString());
        Assert.Equal("Microsoft.Resources/resourceGroups", patched.Json.GetProperty("type").GetString());
        Assert.Equal("stmade", account.Json.GetProperty("name").GetString());
        Assert.Equal(["stmade"], listed.Items.Select(i => i.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.OK, removed.Status);
        Assert.Equal(HttpStatusCode.NotFound, gone.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Head, group + Version)).Status);
    }

    [Fact]
    public async Task A_resource_needs_its_group_its_place_and_its_parent()
    {
        const string group = Subscription + "/resourceGroups/places";
        await PutAsync(group, """{"location":"westeurope"}""");

        Assert.Equal("ResourceGroupNotFound", (await PutAsync(Subscription + "/resourceGroups/none/providers/Microsoft.Storage/storageAccounts/a", """{"location":"westeurope"}""")).Code);
        Assert.Equal("LocationRequired", (await PutAsync(group + "/providers/Microsoft.Storage/storageAccounts/a", "{}")).Code);
        Assert.Equal("ParentResourceNotFound", (await PutAsync(group + "/providers/Microsoft.Storage/storageAccounts/a/blobServices/default", "{}")).Code);
        Assert.Equal("InvalidRequestContent", (await PutAsync(group + "/providers/Microsoft.Storage/storageAccounts/a", "[1]")).Code);
        Assert.Equal("InvalidTagNameCharacters", (await PutAsync(group + "/providers/Microsoft.Storage/storageAccounts/a", """{"location":"westeurope","tags":{"a<b":"c"}}""")).Code);
        Assert.Equal("MissingSubscriptionRegistration", (await PutAsync(group + "/providers/Microsoft.Security/inventions/one", """{"properties":{}}""")).Code);
        Assert.Equal("InvalidResourceType", (await server.GetAsync(group + "/providers/Microsoft.Storage/inventions" + Version)).Code);
        Assert.Empty((await server.GetAsync(group + "/providers/Microsoft.Storage/storageAccounts" + Version)).Items);
    }

    [Fact]
    public async Task What_a_patch_does_not_name_stays()
    {
        const string account = Subscription + "/resourceGroups/patches/providers/Microsoft.Storage/storageAccounts/a";
        await PutAsync(Subscription + "/resourceGroups/patches", """{"location":"westeurope"}""");
        await PutAsync(account, """{"location":"westeurope","sku":{"name":"Standard_LRS"},"properties":{"networkAcls":{"defaultAction":"Allow","bypass":"None"}}}""");
        var patched = await SendAsync(HttpMethod.Patch, account, """{"properties":{"networkAcls":{"defaultAction":"Deny"}}}""");
        var acls = patched.Json.GetProperty("properties").GetProperty("networkAcls");

        Assert.Equal("Deny", acls.GetProperty("defaultAction").GetString());
        Assert.Equal("None", acls.GetProperty("bypass").GetString());
        Assert.Equal("Standard_LRS", patched.Json.GetProperty("sku").GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, account, null)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, account, null)).Status);
    }

    [Fact]
    public async Task A_lock_keeps_a_group_until_it_is_removed()
    {
        const string group = Subscription + "/resourceGroups/locked";
        const string key = group + "/providers/Microsoft.Authorization/locks/keep";
        await PutAsync(group, """{"location":"westeurope"}""");
        Assert.Equal("InvalidLockLevel", (await PutAsync(key, """{"properties":{"level":"Maybe"}}""")).Code);
        await PutAsync(key, """{"properties":{"level":"CanNotDelete"}}""");

        Assert.Equal("ScopeLocked", (await SendAsync(HttpMethod.Delete, group, null)).Code);
        Assert.Equal(["keep"], (await server.GetAsync(group + "/providers/Microsoft.Authorization/locks" + Version)).Items.Select(i => i.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, key, null)).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, group, null)).Status);
    }

    [Fact]
    public async Task Tags_are_merged_replaced_and_removed_at_every_scope()
    {
        await PutAsync(Subscription + "/resourceGroups/tags", """{"location":"westeurope","tags":{"a":"1"}}""");
        foreach (var scope in new[] { Subscription, Subscription + "/resourceGroups/tags" })
        {
            var path = scope + "/providers/Microsoft.Resources/tags/default";
            await PutAsync(path, """{"properties":{"tags":{"a":"1","b":"2"}}}""");
            await SendAsync(HttpMethod.Patch, path, """{"operation":"Merge","properties":{"tags":{"b":"3","c":"4"}}}""");
            var left = await SendAsync(HttpMethod.Patch, path, """{"operation":"Delete","properties":{"tags":{"a":"1","c":"other"}}}""");
            Assert.Equal("""{"b":"3","c":"4"}""", left.Json.GetProperty("properties").GetProperty("tags").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
            Assert.Equal("InvalidTagOperation", (await SendAsync(HttpMethod.Patch, path, """{"operation":"Paint"}""")).Code);
            Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, path, null)).Status);
            Assert.Empty((await server.GetAsync(path + Version)).Json.GetProperty("properties").GetProperty("tags").EnumerateObject());
        }
    }

    [Fact]
    public async Task A_reader_writes_nothing_and_a_contributor_of_one_group_only_there()
    {
        await PutAsync(Subscription + "/resourceGroups/mine", """{"location":"westeurope"}""");
        await PutAsync(Subscription + "/resourceGroups/yours", """{"location":"westeurope"}""");
        var reader = await server.ProgramAsync("writes nothing", "Reader", Subscription);
        var contributor = await server.ProgramAsync("writes there", "Contributor", Subscription + "/resourceGroups/mine");
        const string body = """{"location":"westeurope"}""";

        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Subscription + "/resourceGroups/mine/providers/Microsoft.Storage/storageAccounts/a", body, reader)).Status);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(Subscription + "/resourceGroups/mine/providers/Microsoft.Storage/storageAccounts/a", body, contributor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Subscription + "/resourceGroups/yours/providers/Microsoft.Storage/storageAccounts/a", body, contributor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Delete, Subscription + "/resourceGroups/yours", null, contributor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Subscription + "/resourceGroups/new", body, contributor)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(Subscription + "/resourceGroups/yours/providers/Microsoft.Resources/tags/default", "{}", contributor)).Status);
    }

    private Task<Answer> PutAsync(string path, string body, string? bearer = null) => SendAsync(HttpMethod.Put, path, body, bearer);

    private Task<Answer> SendAsync(HttpMethod method, string path, string? body, string? bearer = null) =>
        server.SendAsync(method, path + Version, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), bearer);
}
