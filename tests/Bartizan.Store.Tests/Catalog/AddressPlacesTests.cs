using Bartizan.Foundation.Outcomes;
using Bartizan.Store.Catalog;

namespace Bartizan.Store.Tests.Catalog;

public sealed class AddressPlacesTests
{
    [Fact]
    public void Of_networks_in_one_another_the_closest_counts()
    {
        var places = Read("network,country,state,city,latitude,longitude\n203.0.113.0/24,AU,NSW,Sydney,-33.9,151.2\n203.0.113.64/26,NZ,,\"Wellington, City\",-41.3,174.8\n2001:db8::/32,NO,,Oslo,59.9,10.7\n");
        Assert.Equal("""{"country":"AU","state":"NSW","city":"Sydney","latitude":-33.9,"longitude":151.2}""", places.Find("203.0.113.200"));
        Assert.Contains("Wellington, City", places.Find("203.0.113.70"), StringComparison.Ordinal);
        Assert.Contains("AU", places.Find("::ffff:203.0.113.1"), StringComparison.Ordinal);
        Assert.Contains("Oslo", places.Find("2001:db8::7"), StringComparison.Ordinal);
        Assert.Null(places.Find("198.51.100.1"));
        Assert.Null(places.Find("nonsense"));
    }

    [Fact]
    public void Ranges_without_a_header_are_read_too_and_odd_lines_counted()
    {
        var places = Read("1.0.0.0,1.0.0.255,OC,AU,Queensland,Brisbane,-27.5,153.0\nnonsense,1.2.3.4,x\n5.0.0.9,5.0.0.1,EU,DE,,,,\n");
        Assert.Equal((1, 2), (places.Count, places.Skipped));
        Assert.Contains("Brisbane", places.Find("1.0.0.9"), StringComparison.Ordinal);
        Assert.Equal(ProblemKind.Invalid, AddressPlaces.Read(new StringReader("name,country\nx,y")).Problem?.Kind);
    }

    private static AddressPlaces Read(string text) => AddressPlaces.Read(new StringReader(text)).Value;
}
