using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Detection.Suppression;

namespace Bartizan.Detection.Tests.Suppression;

public sealed class SuppressionTests : IDisposable
{
    private readonly Workbench bench = new();

    public void Dispose() => bench.Dispose();

    [Theory]
    [InlineData("entities.account.name", "ANA", null, true)]
    [InlineData("entities.account.name", "bea", null, false)]
    [InlineData("entities.host.hostname", null, "EB0", true)]
    [InlineData("entities.ip.address", "10.0.0.1", null, false)]
    public void A_scope_is_met_by_an_entity_of_its_kind_whatever_the_case(string field, string? value, string? part, bool covers) =>
        Assert.Equal(covers, SuppressionMatch.Covers(Rule(new ScopeElement(field, value is null ? [] : [value], part)), Sample.Alert(), Guid.Empty));

    [Fact]
    public void All_elements_must_be_met_and_the_type_must_agree()
    {
        ScopeElement ana = new("entities.account.name", ["ana"], null), other = new("entities.host.hostname", ["db01"], null);
        var alert = Sample.Alert();

        Assert.False(SuppressionMatch.Covers(Rule(ana, other), alert, Guid.Empty));
        Assert.True(SuppressionMatch.Covers(Rule(ana) with { AlertType = AlertRow.TypeOf(alert, Guid.Empty).ToUpperInvariant() }, alert, Guid.Empty));
        Assert.False(SuppressionMatch.Covers(Rule(ana) with { AlertType = "another" }, alert, Guid.Empty));
    }

    [Fact]
    public async Task A_covered_alert_is_kept_dismissed_and_opens_no_incident()
    {
        await PutAsync(Rule(new ScopeElement("entities.account.name", ["ana"], null)));

        var dismissed = await RaiseAsync(Sample.Build(Sample.Rule, Sample.Rows((@"CONTOSO\ana", "web01"))));
        var raised = await RaiseAsync(Sample.Build(Sample.Rule, Sample.Rows((@"CONTOSO\bea", "web01")), Sample.Noon.AddHours(1)));

        Assert.Equal((AlertStatus.Dismissed, "quiet"), (dismissed.Status, dismissed.SuppressedBy));
        Assert.Equal((AlertStatus.Active, null), (raised.Status, raised.SuppressedBy));
        Assert.Equal([raised.Id], (await bench.Incidents.ListAsync(new() { Take = 10 }, default)).Value.Items.SelectMany(i => i.Value.AlertIds));
    }

    [Fact]
    public async Task A_rule_past_its_expiry_dismisses_nothing_and_a_disabled_one_neither()
    {
        await PutAsync(Rule(new ScopeElement("entities.account.name", ["ana"], null)) with { Expiration = Sample.Noon.AddMinutes(30) });
        await PutAsync(Rule(new ScopeElement("entities.account.name", ["ana"], null)) with { Name = "off", State = SuppressionState.Disabled });
        bench.Time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(AlertStatus.Active, (await RaiseAsync(Sample.Build(Sample.Rule, Sample.Rows((@"CONTOSO\ana", "web01"))))).Status);
        Assert.Equal(SuppressionState.Expired, (await bench.Suppression.FindAsync("QUIET", default))!.Value.StateAt(bench.Time.GetUtcNow()));
    }

    [Fact]
    public async Task A_preview_counts_past_alerts_and_touches_none()
    {
        var alert = await RaiseAsync(Sample.Build(Sample.Rule, Sample.Rows((@"CONTOSO\ana", "web01"))));
        await RaiseAsync(Sample.Build(Sample.Rule, Sample.Rows((@"CONTOSO\bea", "web01")), Sample.Noon.AddHours(1)));

        var preview = (await bench.Suppression.PreviewAsync(Rule(new ScopeElement("entities.account.name", ["ana"], null)), Sample.Noon.AddDays(-1), 10, default)).Value;

        Assert.Equal((1, 2, true), (preview.Count, preview.Looked, preview.IsComplete));
        Assert.Equal([alert.Id], preview.Alerts.Select(a => a.Id));
        Assert.Equal(AlertStatus.Active, (await bench.Alerts.FindAsync(alert.Id, default))!.Status);
    }

    [Theory]
    [InlineData("*", "", "suppressionAlertsScope")]
    [InlineData("", "entities.ip.address", "alertType")]
    [InlineData("*", "entities.nothing.address", "suppressionAlertsScope.allOf")]
    [InlineData("*", "address", "suppressionAlertsScope.allOf")]
    public async Task What_would_dismiss_everything_or_names_no_field_is_refused(string type, string field, string target)
    {
        var rule = Rule([.. field.Length == 0 ? Array.Empty<ScopeElement>() : [new ScopeElement(field, ["x"], null)]]) with { AlertType = type };

        Assert.Equal(target, (await bench.Suppression.PutAsync(rule, null, "ana", default)).Problem!.Target);
    }

    private static SuppressionRule Rule(params ScopeElement[] scope) => new() { Name = "quiet", AlertType = "*", Reason = "Noise", AllOf = scope };

    private async Task PutAsync(SuppressionRule rule) => Assert.Null((await bench.Suppression.PutAsync(rule, null, "ana", default)).Problem);

    private async Task<Alert> RaiseAsync(AlertBatch batch) => Assert.Single((await bench.Intake.RaiseAsync(
        Sample.Rule, [.. batch.Alerts.Select(a => (a.Alert, AlertEvidence.Freeze(a.Alert.Id, a.Rows, 1, "T", Sample.Noon, Sample.Noon, AlertIntake.Engine)))], [], default)).Value);
}
