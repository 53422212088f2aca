using Bartizan.Foundation.Entities;

namespace Bartizan.Foundation.Tests.Entities;

public class EntityTests
{
    [Theory]
    [InlineData(@"CONTOSO\ana", "Name=ana;NTDomain=CONTOSO")]
    [InlineData("ana@contoso.com", "Name=ana;UPNSuffix=contoso.com")]
    [InlineData("s-1-5-21-1-2-3-1104", "Sid=S-1-5-21-1-2-3-1104")]
    [InlineData("ana", "Name=ana")]
    [InlineData("  ", "")]
    public void An_account_name_is_taken_apart(string name, string fields) =>
        Assert.Equal(fields, string.Join(';', EntityNames.AccountFields(name).Select(f => $"{f.Key}={f.Value}")));

    [Theory]
    [InlineData("web01.contoso.com", "HostName=web01;DnsDomain=contoso.com")]
    [InlineData("web01", "HostName=web01")]
    [InlineData(@"CONTOSO\web01$", "HostName=web01;NTDomain=CONTOSO")]
    [InlineData("10.0.0.5", "")]
    public void A_host_name_is_taken_apart_and_an_address_is_none(string name, string fields) =>
        Assert.Equal(fields, string.Join(';', EntityNames.HostFields(name).Select(f => $"{f.Key}={f.Value}")));

    [Fact]
    public void The_same_identifiers_give_the_same_id_whatever_their_casing() =>
        Assert.Equal(
            Entity.Of(EntityKind.Account, ("Name", "Ana"), ("UPNSuffix", "Contoso.com")).Id,
            Entity.Of(EntityKind.Account, ("UPNSuffix", "contoso.COM"), ("Name", "ana"), ("DisplayName", "Ana")).Id);

    [Theory]
    [InlineData("203.0.113.10", true)]
    [InlineData("10.0.0.5", false)]
    [InlineData("172.20.1.1", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("::ffff:10.0.0.5", false)]
    [InlineData("2001:db8::1", true)]
    public void Only_a_public_address_identifies_by_itself(string address, bool strong) =>
        Assert.Equal(strong, Entity.Of(EntityKind.IP, ("Address", address)).IsStrong);

    [Fact]
    public void A_private_address_is_strong_inside_its_scope() =>
        Assert.True(Entity.Of(EntityKind.IP, ("Address", "10.0.0.5"), ("AddressScope", "hub-vnet")).IsStrong);

    [Fact]
    public void A_built_in_sid_identifies_only_together_with_its_host()
    {
        var host = Entity.Of(EntityKind.Host, ("HostName", "web01"), ("DnsDomain", "contoso.com"));
        var alone = Entity.Of(EntityKind.Account, ("Sid", "S-1-5-18"));
        var onHost = new Entity(EntityKind.Account, alone.Fields, [new("Host", host)]);

        Assert.False(alone.IsStrong);
        Assert.True(onHost.IsStrong);
        Assert.NotEqual(alone.Id, onHost.Id);
    }

    [Theory]
    [InlineData("administrator", true)]
    [InlineData("SYSTEM", true)]
    [InlineData("ana", false)]
    public void An_account_known_only_by_a_built_in_name_is_nobody(string name, bool nobody) =>
        Assert.Equal(nobody, EntityIdentity.IsNobody(Entity.Of(EntityKind.Account, ("Name", name))));

    [Fact]
    public void A_built_in_name_with_its_domain_is_somebody() =>
        Assert.False(EntityIdentity.IsNobody(Entity.Of(EntityKind.Account, ("Name", "administrator"), ("NTDomain", "CONTOSO"))));

    [Fact]
    public void A_url_is_the_same_with_default_port_fragment_or_defanged() =>
        Assert.Equal(
            Entity.Of(EntityKind.URL, ("Url", "https://evil.example/Path?q=A")).Id,
            Entity.Of(EntityKind.URL, ("Url", "hxxps://EVIL[.]example:443/Path?q=A#x")).Id);

    [Theory]
    [InlineData("Ip", EntityKind.IP)]
    [InlineData("azure-resource", EntityKind.AzureResource)]
    [InlineData("DnsResolution", EntityKind.DNS)]
    [InlineData("HuntingBookmark", EntityKind.Bookmark)]
    [InlineData("registryvalue", EntityKind.RegistryValue)]
    public void Every_vocabulary_names_the_same_kind(string word, EntityKind kind)
    {
        Assert.True(EntityVocabulary.TryParse(word, out var parsed));
        Assert.Equal(kind, parsed);
    }

    [Fact]
    public void Every_kind_has_a_friendly_name_and_a_key_for_each_of_its_identifiers()
    {
        foreach (var kind in Enum.GetValues<EntityKind>())
        {
            foreach (var identifier in EntityVocabulary.IdentifiersOf(kind))
            {
                var entity = Entity.Of(kind, (identifier, "x"));
                Assert.NotEmpty(entity.Keys);
                Assert.NotEmpty(entity.FriendlyName);
            }
        }
    }
}
