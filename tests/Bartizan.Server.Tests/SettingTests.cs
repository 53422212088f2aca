using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Bartizan.Server.Tests;

public sealed class SettingTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Security = "/subscriptions/11111111-2222-3333-4444-555555555555/providers/Microsoft.Security/";

    [Fact]
    public async Task A_plan_is_free_until_it_is_set_and_is_spelt_as_Azure_spells_it()
    {
        var before = await server.GetAsync(Security + "pricings/virtualmachines?api-version=2022-03-01");
        var set = await PutAsync(Security + "pricings/VirtualMachines?api-version=2022-03-01", """{"properties":{"pricingTier":"standard","subPlan":"P2"}}""");
        var list = await server.GetAsync(Security + "pricings?api-version=2022-03-01");
        var wrong = await PutAsync(Security + "pricings/VirtualMachines?api-version=2022-03-01", """{"properties":{"pricingTier":"Gold"}}""");
        var unknown = await server.GetAsync(Security + "pricings/Toasters?api-version=2022-03-01");

        Assert.Equal("Free", Property(before.Json, "pricingTier"));
        Assert.Equal(HttpStatusCode.OK, set.Status);
        var kept = list.Items.Single(p => p.GetProperty("name").GetString() == "VirtualMachines");
        Assert.Equal(("Standard", "P2"), (Property(kept, "pricingTier"), Property(kept, "subPlan")));
        Assert.True(list.Items.Count > 10);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
    }

    [Fact]
    public async Task A_contact_is_there_from_its_writing_to_its_removal_and_only_in_its_subscription()
    {
        var written = await PutAsync(Security + "securityContacts/default?api-version=2017-08-01-preview", """{"properties":{"email":"ana@example.org","alertNotifications":"On"}}""");
        var list = await server.GetAsync(Security + "securityContacts?api-version=2017-08-01-preview");
        var elsewhere = await server.GetAsync(Security.Replace("1111", "2222", StringComparison.Ordinal) + "securityContacts?api-version=2017-08-01-preview");
        var removed = await server.SendAsync(HttpMethod.Delete, Security + "securityContacts/default?api-version=2017-08-01-preview");
        var after = await server.GetAsync(Security + "securityContacts/default?api-version=2017-08-01-preview");

        Assert.Equal(HttpStatusCode.OK, written.Status);
        Assert.Equal("ana@example.org", Property(Assert.Single(list.Items), "email"));
        Assert.Empty(elsewhere.Items);
        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        Assert.Equal(HttpStatusCode.NotFound, after.Status);
    }

    [Fact]
    public async Task A_reader_sees_settings_and_changes_none()
    {
        var reader = await server.ProgramAsync("settings reader", "Security Reader", "/");

        var read = await server.GetAsync(Security + "autoProvisioningSettings/default?api-version=2017-08-01-preview", reader);
        var write = await server.SendAsync(HttpMethod.Put, Security + "autoProvisioningSettings/default?api-version=2017-08-01-preview", Json("""{"properties":{"autoProvision":"On"}}"""), reader);

        Assert.Equal("Off", Property(read.Json, "autoProvision"));
        Assert.Equal(HttpStatusCode.Forbidden, write.Status);
    }

    [Fact]
    public async Task A_table_of_ones_own_takes_events_in_its_columns()
    {
        var workspace = (await server.GetAsync("/providers/Microsoft.Bartizan/server")).Json.GetProperty("workspacePath").GetString();
        var path = $"{workspace}/tables/Doors_CL?api-version=2022-10-01";

        var made = await PutAsync(path, """{"properties":{"schema":{"name":"Doors_CL","columns":[{"name":"TimeGenerated","type":"dateTime"},{"name":"Door","type":"string"},{"name":"Opened","type":"int"}]}}}""");
        var changed = await PutAsync(path, """{"properties":{"schema":{"columns":[{"name":"Opened","type":"string"}]}}}""");
        var declared = await PutAsync($"{workspace}/tables/SecurityEvent?api-version=2022-10-01", """{"properties":{"schema":{"columns":[{"name":"Mine","type":"string"}]}}}""");
        var retention = await PutAsync(path, """{"properties":{"retentionInDays":30}}""");
        var asked = await server.PostAsync($"/v1{workspace}/query", """{"query":"Doors_CL | getschema | where ColumnName in ('Door', 'Opened') | project ColumnName, ColumnType"}""");

        Assert.Equal(HttpStatusCode.OK, made.Status);
        Assert.Equal(HttpStatusCode.Conflict, changed.Status);
        Assert.Equal(HttpStatusCode.BadRequest, declared.Status);
        Assert.Equal("RetentionNotSupported", retention.Code);
        Assert.Equal("""[["Door","string"],["Opened","int"]]""", asked.Json.GetProperty("tables")[0].GetProperty("rows").GetRawText().Replace(" ", "", StringComparison.Ordinal));
    }

    private static string? Property(JsonElement resource, string name) => resource.GetProperty("properties").GetProperty(name).GetString();

    private static StringContent Json(string body) => new(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));

    private Task<Answer> PutAsync(string path, string body) => server.SendAsync(HttpMethod.Put, path, Json(body));
}
