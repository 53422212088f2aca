using Bartizan.Detection.ThreatIntelligence;
using Bartizan.Store.Queries;

namespace Bartizan.Detection.Tests.ThreatIntelligence;

public sealed class IndicatorStoreTests : IDisposable
{
    private const string Bundle = """
        {"type":"bundle","id":"bundle--1","objects":[
          {"type":"identity","id":"identity--1","name":"someone"},
          {"type":"indicator","spec_version":"2.1","id":"indicator--1","name":"Bad host","pattern":"[ipv4-addr:value = '203.0.113.9' OR domain-name:value = 'EVIL.example']","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z","created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00Z","confidence":80,"indicator_types":["malicious-activity"]},
          {"type":"indicator","id":"indicator--2","pattern":"not a pattern","pattern_type":"stix","valid_from":"2026-01-01T00:00:00Z"},
          {"type":"indicator","id":"indicator--3","pattern":"[url:value = 'http://x']","pattern_type":"stix"}]}
        """;

    private readonly Workbench bench = new();
    private readonly IndicatorStore indicators;
    private readonly QueryRunner queries;

    public IndicatorStoreTests()
    {
        indicators = new IndicatorStore(bench.Folder.Records, bench.Outbox, bench.Time);
        queries = FolderQueries.Over(bench.Folder, bench.Time);
    }

    [Fact]
    public async Task A_bundle_becomes_rows_of_both_tables_and_what_is_bad_is_told()
    {
        var read = IndicatorImport.ReadStix(Bundle, "Feed", bench.Time.GetUtcNow()).Value;
        Assert.Equal((1, 1, 2), (read.Indicators.Count, read.Skipped, read.Problems.Count));
        Assert.Equal(1, (await indicators.ImportAsync(read.Indicators, "me", default)).Value);
        Assert.Equal(0, (await indicators.ImportAsync(read.Indicators, "me", default)).Value);

        Assert.Equal("evil.example", await OneAsync("ThreatIntelIndicators | where ObservableKey == 'domain-name:value' and IsActive | project ObservableValue"));
        Assert.Equal("203.0.113.9", await OneAsync("ThreatIntelligenceIndicator | where Active and isnotempty(NetworkIP) | project NetworkIP"));
    }

    [Fact]
    public async Task Comma_separated_values_are_read_by_kind()
    {
        const string text = "type,value,confidence,validUntil\nip,198.51.100.4,70,2027-01-01\nhash,d41d8cd98f00b204e9800998ecf8427e,,\nmood,bad,,\nurl,http://a.example/x,,tomorrow\n";
        var read = IndicatorImport.ReadCsv(text, "List", bench.Time.GetUtcNow()).Value;
        Assert.Equal(["ipv4-addr:value", "file:hashes.MD5"], read.Indicators.SelectMany(i => i.Observables).Select(o => o.Key));
        Assert.Equal(2, read.Problems.Count);
        await indicators.ImportAsync(read.Indicators, "me", default);
        Assert.Equal("md5", await OneAsync("ThreatIntelligenceIndicator | where isnotempty(FileHashValue) | project FileHashType"));
    }

    [Fact]
    public async Task A_removed_or_revoked_indicator_is_no_longer_active_in_the_tables()
    {
        var read = IndicatorImport.ReadStix(Bundle, "Feed", bench.Time.GetUtcNow()).Value;
        await indicators.ImportAsync(read.Indicators, "me", default);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await indicators.DeleteAsync(read.Indicators[0].Id, null, "me", default)).Value);

        Assert.Equal(0L, await OneAsync("ThreatIntelIndicators | summarize arg_max(TimeGenerated, *) by Id, ObservableValue | where IsActive | count"));
        Assert.False((read.Indicators[0] with { IsRevoked = true }).IsActiveAt(bench.Time.GetUtcNow()));
        Assert.False((read.Indicators[0] with { ValidUntil = bench.Time.GetUtcNow() }).IsActiveAt(bench.Time.GetUtcNow()));
    }

    [Theory]
    [InlineData("[file:hashes.'SHA-256' = 'ABC']", "file:hashes.SHA-256=abc")]
    [InlineData("[email-addr:value IN ('a@x.example', 'b@x.example')]", "email-addr:value=a@x.example;email-addr:value=b@x.example")]
    [InlineData(@"[url:value = 'http://x.example/it\'s AND more']", "url:value=http://x.example/it's AND more")]
    [InlineData("[ipv4-addr:value = '1.2.3.4' AND network-traffic:dst_port = '80']", "")]
    [InlineData("[ipv4-addr:value ISSUBSET '198.51.100.0/24'] OR [domain-name:value = 'a.example']", "ipv4-addr:value=198.51.100.0/24;domain-name:value=a.example")]
    [InlineData("[(ipv4-addr:value = '1.2.3.4' AND network-traffic:dst_port = 80) OR url:value = 'http://x']", "url:value=http://x")]
    [InlineData("[file:hashes.MD5 = 'AA' AND file:name = 'x.exe' AND file:size = 7]", "file:hashes.MD5=aa")]
    [InlineData("[file:hashes.MD5 = 'AA' AND file:name NOT = 'x.exe']", "")]
    [InlineData("[file:hashes.MD5 = 'AA' AND ipv4-addr:value = '1.2.3.4']", "")]
    [InlineData("[domain-name:value LIKE '%.example']", "")]
    [InlineData("[ipv4-addr:value = '1.2.3.4'] FOLLOWEDBY [ipv4-addr:value = '5.6.7.8'] WITHIN 60 SECONDS", "")]
    [InlineData("([ipv4-addr:value = '1.2.3.4'] OR [ipv6-addr:value = '2001:db8::1']) WITHIN 60 SECONDS", "ipv4-addr:value=1.2.3.4;ipv6-addr:value=2001:db8::1")]
    [InlineData("[ipv4-addr:value = '1.2.3.4'] REPEATS 5 TIMES", "")]
    public void Only_values_that_stand_alone_are_compared(string pattern, string wanted)
    {
        var read = IndicatorImport.ReadStix($$"""[{"type":"indicator","id":"i","pattern":{{System.Text.Json.JsonSerializer.Serialize(pattern)}},"valid_from":"2026-01-01T00:00:00Z"}]""", "x", Sample.Noon).Value;
        Assert.Equal(wanted, string.Join(';', Assert.Single(read.Indicators).Observables.Select(o => $"{o.Key}={o.Value}")));
    }

    [Theory]
    [InlineData("[ipv4-addr:value ISSUBSET 'somewhere']")]
    [InlineData("[ipv4-addr:value = '1.2.3.4' AND]")]
    [InlineData("[ipv4-addr:value IN ('1.2.3.4',)]")]
    [InlineData("[ipv4-addr:value = '1.2.3.4'] and")]
    [InlineData("[ipv4-addr = '1.2.3.4']")]
    [InlineData("[ipv4-addr:value = '1.2.3.4")]
    [InlineData("[ipv4-addr:value = '1.2.3.4'")]
    [InlineData("[((((((((((((((((((((((((((((((((((((((((")]
    public void What_is_no_pattern_is_told(string pattern) =>
        Assert.Single(IndicatorImport.ReadStix($$"""[{"type":"indicator","id":"i","pattern":{{System.Text.Json.JsonSerializer.Serialize(pattern)}},"valid_from":"2026-01-01T00:00:00Z"}]""", "x", Sample.Noon).Value.Problems);

    [Fact]
    public async Task An_indicator_of_tomorrow_is_active_in_the_tables_with_the_moment_it_begins()
    {
        var read = IndicatorImport.ReadStix(Bundle, "Feed", bench.Time.GetUtcNow()).Value;
        await indicators.ImportAsync([read.Indicators[0] with { ValidFrom = bench.Time.GetUtcNow().AddDays(1), Observables = [new("ipv4-addr:value", "203.0.113.9")] }], "me", default);

        Assert.Equal(true, await OneAsync("ThreatIntelIndicators | project IsActive and ValidFrom > now()"));
    }

    public void Dispose() => bench.Dispose();

    private async Task<object?> OneAsync(string text)
    {
        var answer = await queries.RunAsync(new QueryRequest(text), default);
        Assert.True(answer.IsSuccess, answer.Problem?.Message);
        return Assert.Single(answer.Value.Rows)[0];
    }
}
