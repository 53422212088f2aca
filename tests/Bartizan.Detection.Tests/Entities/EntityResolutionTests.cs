using Bartizan.Detection.Entities;
using Bartizan.Foundation.Entities;

namespace Bartizan.Detection.Tests.Entities;

public class EntityResolutionTests
{
    private static readonly Entity byDomain = Entity.Of(EntityKind.Account, ("Name", "ana"), ("NTDomain", "CONTOSO"));
    private static readonly Entity byUpn = Entity.Of(EntityKind.Account, ("Name", "ana"), ("UPNSuffix", "contoso.com"));

    [Fact]
    public void Two_names_are_one_account_only_when_a_bridge_says_so()
    {
        var bridge = Entity.Of(EntityKind.Account, ("Name", "ana"), ("NTDomain", "CONTOSO"), ("UPNSuffix", "contoso.com"));

        Assert.Equal(2, EntityResolution.Resolve([new(byDomain, "a1"), new(byUpn, "a2")]).Count);
        var one = Assert.Single(EntityResolution.Resolve([new(byDomain, "a1"), new(byUpn, "a2"), new(bridge, "identity")]));
        Assert.Equal(["Name+NTDomain", "Name+UPNSuffix"], one.Because.Order());
    }

    [Fact]
    public void A_bare_name_joins_the_only_account_of_its_own_alert()
    {
        var bare = Entity.Of(EntityKind.Account, ("Name", "ANA"));

        Assert.Single(EntityResolution.Resolve([new(byDomain, "a1"), new(bare, "a1")]));
        Assert.Equal(2, EntityResolution.Resolve([new(byDomain, "a1"), new(bare, "a2")]).Count);
        Assert.Equal(3, EntityResolution.Resolve([new(byDomain, "a1"), new(byUpn, "a1"), new(bare, "a1")]).Count);
    }

    [Fact]
    public void A_private_address_of_two_alerts_is_not_taken_for_one_host()
    {
        var address = Entity.Of(EntityKind.IP, ("Address", "10.0.0.5"));
        var publicAddress = Entity.Of(EntityKind.IP, ("Address", "203.0.113.5"));

        var apart = EntityResolution.Resolve([new(address, "a1"), new(address, "a2")]);
        Assert.Equal(2, apart.Select(e => e.Id).Distinct().Count());
        Assert.Single(EntityResolution.Resolve([new(publicAddress, "a1"), new(publicAddress, "a2")]));
    }

    [Fact]
    public void Accounts_that_contradict_each_other_stay_apart_and_are_shown_as_possibly_the_same()
    {
        var first = Entity.Of(EntityKind.Account, ("Name", "ana"), ("UPNSuffix", "contoso.com"), ("Sid", "S-1-5-21-1-1-1-1001"));
        var second = Entity.Of(EntityKind.Account, ("Name", "ana"), ("UPNSuffix", "contoso.com"), ("Sid", "S-1-5-21-1-1-1-2002"));

        var resolved = EntityResolution.Resolve([new(first, "a1"), new(second, "a2")]);

        Assert.Equal(2, resolved.Count);
        Assert.Equal(resolved[1].Id, Assert.Single(resolved[0].PossiblySameAs));
    }

    [Fact]
    public void The_order_of_sightings_changes_nothing()
    {
        EntitySighting[] sightings =
        [
            new(byDomain, "a1"), new(byUpn, "a2"), new(Entity.Of(EntityKind.Account, ("Name", "ana")), "a1"),
            new(Entity.Of(EntityKind.Account, ("Name", "ana"), ("NTDomain", "CONTOSO"), ("Sid", "S-1-5-21-9-9-9-1104")), "a3"),
            new(Entity.Of(EntityKind.Host, ("HostName", "web01")), "a1"), new(Entity.Of(EntityKind.Host, ("HostName", "web01")), "a1"),
        ];

        var forward = EntityResolution.Resolve(sightings);
        var backward = EntityResolution.Resolve(sightings.Reverse());

        Assert.Equal(3, forward.Count);
        Assert.Equal(forward.Select(e => e.Id), backward.Select(e => e.Id));
    }
}
