using Bartizan.Content.Rules;
using Bartizan.Detection.Fusion;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Tests.Fusion;

public sealed class CorrelatorTests
{
    private static readonly HashSet<string> none = [];

    [Fact]
    public void A_sign_in_and_a_mailbox_rule_of_one_account_make_one_chain_with_the_figures_told()
    {
        var chain = Assert.Single(Correlator.Correlate(Two("ana", "ana"), none));

        Assert.Equal(69, chain.Score, 0);
        Assert.Equal(0.67, chain.Steps[1].Link, 2);
        Assert.Equal("ana", Assert.Single(chain.Steps[1].Shared).Name);
        Assert.Contains("link 0.67 by ana (0.80)", FusionIncidents.Describe(chain), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_signals_of_two_accounts_make_none() => Assert.Empty(Correlator.Correlate(Two("ana", "bob"), none));

    [Fact]
    public void One_name_in_two_directories_ties_weakly_and_the_link_says_so()
    {
        var chain = Assert.Single(Correlator.Correlate(Named("account|name+upnsuffix|ana|contoso.com", @"account|name+ntdomain|ana|contoso"), none));

        var shared = Assert.Single(chain.Steps[1].Shared);
        Assert.True(shared.IsByName);
        Assert.Equal(0.32, shared.Weight, 2);
        Assert.Contains("(name only, 0.32)", FusionIncidents.Describe(chain), StringComparison.Ordinal);
    }

    [Fact]
    public void One_name_in_two_domains_is_two_persons() =>
        Assert.Empty(Correlator.Correlate(Named("account|name+ntdomain|ana|contoso", "account|name+ntdomain|ana|fabrikam"), none));

    [Fact]
    public void A_chain_tied_to_a_better_one_is_its_branch()
    {
        Signal[] attack =
        [
            Of(1, "signin", "InitialAccess", Sample.Noon, "ana"), Of(2, "script", "Execution", Sample.Noon.AddHours(1), "ana"),
            Of(3, "mail", "Collection", Sample.Noon.AddHours(2), "ana"), Of(4, "out", "Exfiltration", Sample.Noon.AddHours(3), "ana"),
            Of(5, "seen", "", Sample.Noon.AddHours(2.5), "ana") with { Entities = [Account("ana"), Account("ben")] },
            Of(6, "service", "LateralMovement", Sample.Noon.AddHours(3), "ben"), Of(7, "shell", "Execution", Sample.Noon.AddHours(3.1), "ben"),
            Of(8, "wiped", "Impact", Sample.Noon.AddHours(4), "ben"),
        ];

        var chain = Assert.Single(Correlator.Correlate(attack, none));

        Assert.Equal(8, chain.Members.Distinct().Count());
        Assert.Equal(["ana", "ben"], chain.Branches.Append(chain).Select(c => c.MainEntity).Order());
    }

    [Fact]
    public void An_ignored_entity_ties_nothing() => Assert.Empty(Correlator.Correlate(Two("ana", "ana"), new HashSet<string> { "ana" }));

    [Fact]
    public void A_busy_account_a_day_later_ties_nothing()
    {
        var noise = Enumerable.Range(1, 20).Select(d => Of(100 + d, "x", "Discovery", Sample.Noon.AddDays(-d), "ana"));
        Assert.Empty(Correlator.Correlate([.. noise, Of(1, "a", "InitialAccess", Sample.Noon, "ana"), Of(2, "b", "Execution", Sample.Noon.AddHours(24), "ana")], none));
    }

    [Fact]
    public void One_kind_or_one_band_is_no_chain()
    {
        Assert.Empty(Correlator.Correlate([Of(1, "a", "InitialAccess", Sample.Noon, "ana"), Of(2, "a", "Execution", Sample.Noon.AddHours(1), "ana")], none));
        Assert.Empty(Correlator.Correlate([Of(1, "a", "Execution", Sample.Noon, "ana"), Of(2, "b", "Persistence", Sample.Noon.AddHours(1), "ana")], none));
    }

    [Fact]
    public void Repeats_support_and_a_scenario_is_named()
    {
        var chain = Assert.Single(Correlator.Correlate(
            [
                Of(1, "a", "InitialAccess", Sample.Noon, "ana"), Of(2, "a", "InitialAccess", Sample.Noon.AddMinutes(5), "ana"),
                Of(3, "b", "Impact", Sample.Noon.AddHours(2), "ana") with { Techniques = ["T1486"] },
            ],
            none));
        Assert.Equal("Ransomware", chain.Scenario);
        Assert.Equal(3, chain.Members.Distinct().Count());
        Assert.Equal(2, chain.Steps.Count);
    }

    [Fact]
    public void Chains_hidden_in_noise_are_found_whatever_the_order()
    {
        var signals = new List<Signal>();
        for (var i = 0; i < 400; i++)
        {
            signals.Add(Of(1000 + i, $"noise{i % 7}", i % 2 == 0 ? "Discovery" : "Execution", Sample.Noon.AddMinutes(-i * 90), $"user{i}"));
        }

        for (var c = 0; c < 5; c++)
        {
            var at = Sample.Noon.AddDays(-c * 4);
            signals.Add(Of((c * 10) + 1, "signin", "InitialAccess", at, $"victim{c}"));
            signals.Add(Of((c * 10) + 2, "script", "Execution", at.AddHours(1), $"victim{c}"));
            signals.Add(Of((c * 10) + 3, "dump", "CredentialAccess", at.AddHours(2), $"victim{c}"));
            signals.Add(Of((c * 10) + 4, "out", "Exfiltration", at.AddHours(4), $"victim{c}"));
        }

        var chains = Correlator.Correlate(signals, none);
        var random = new Random(7);
        var again = Correlator.Correlate(signals.OrderBy(_ => random.Next()), none);

        Assert.Equal(5, chains.Count);
        Assert.All(chains, c => Assert.Equal(4, c.Steps.Count));
        Assert.All(chains, c => Assert.StartsWith("victim", c.MainEntity, StringComparison.Ordinal));
        Assert.Equal(chains.Select(c => (c.Id, c.Score)), again.Select(c => (c.Id, c.Score)));
    }

    private static Signal[] Two(string first, string second) =>
    [
        Of(1, "signin", "InitialAccess", Sample.Noon, first) with { Provider = "Identity" },
        Of(2, "mailbox", "Collection", Sample.Noon.AddHours(3), second) with { Provider = "Office" },
    ];

    private static Signal[] Named(string first, string second) =>
    [
        Of(1, "signin", "InitialAccess", Sample.Noon, "ana") with { Entities = [new SignalEntity(first, EntityKind.Account, true, "ana", NameKey: "account|name|ANA")] },
        Of(2, "dump", "CredentialAccess", Sample.Noon.AddHours(1), "ana") with { Provider = "Machines", Entities = [new SignalEntity(second, EntityKind.Account, true, "ana", NameKey: "account|name|ANA")] },
    ];

    private static Signal Of(int id, string type, string tactic, DateTimeOffset at, string account) => new(
        new Guid(id, 0, 0, new byte[8]), "Bartizan", type, type, [tactic], [], AlertSeverity.Medium, at, at, [Account(account)]);

    private static SignalEntity Account(string name) => new(name, EntityKind.Account, true, name);
}
