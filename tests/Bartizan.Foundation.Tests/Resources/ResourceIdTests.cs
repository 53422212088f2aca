using Bartizan.Foundation.Resources;

namespace Bartizan.Foundation.Tests.Resources;

public sealed class ResourceIdTests
{
    private const string Vm = "/subscriptions/5f1d/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/vm1";

    [Theory]
    [InlineData("/", "Microsoft.Resources/tenants", "")]
    [InlineData("/subscriptions/5f1d", "Microsoft.Resources/subscriptions", "5f1d")]
    [InlineData("/subscriptions/5f1d/resourceGroups/rg-web", "Microsoft.Resources/subscriptions/resourceGroups", "rg-web")]
    [InlineData("/providers/Microsoft.Management/managementGroups/root", "Microsoft.Management/managementGroups", "root")]
    [InlineData(Vm, "Microsoft.Compute/virtualMachines", "vm1")]
    [InlineData(Vm + "/extensions/agent", "Microsoft.Compute/virtualMachines/extensions", "agent")]
    [InlineData(Vm + "/providers/Microsoft.Security/assessments/a1", "Microsoft.Security/assessments", "a1")]
    public void An_id_knows_its_type_and_name(string text, string type, string name)
    {
        var id = ResourceId.Parse(text);

        Assert.Equal(type, id.Type);
        Assert.Equal(name, id.Name);
    }

    [Theory]
    [InlineData(Vm + "/extensions/agent", Vm)]
    [InlineData(Vm + "/providers/Microsoft.Security/assessments/a1", Vm)]
    [InlineData(Vm, "/subscriptions/5f1d/resourceGroups/rg-web")]
    [InlineData("/subscriptions/5f1d/resourceGroups/rg-web", "/subscriptions/5f1d")]
    [InlineData("/subscriptions/5f1d", "/")]
    [InlineData("/providers/Microsoft.Management/managementGroups/root", "/")]
    public void The_parent_is_one_level_up(string text, string parent) =>
        Assert.Equal(ResourceId.Parse(parent), ResourceId.Parse(text).Parent);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("subscriptions/5f1d")]
    [InlineData("/subscriptions")]
    [InlineData("/subscriptions/5f1d/resourceGroups")]
    [InlineData("/subscriptions/5f1d/../other")]
    [InlineData("/subscriptions/5f1d/providers/Microsoft.Compute")]
    [InlineData("/subscriptions/5f1d/providers/Microsoft.Compute/virtualMachines")]
    [InlineData("/nonsense/x")]
    public void Text_that_is_no_id_is_refused(string? text) => Assert.False(ResourceId.TryParse(text, out _));

    [Fact]
    public void Ids_compare_without_case_and_with_doubled_slashes_forgiven() =>
        Assert.Equal(ResourceId.Parse(Vm), ResourceId.Parse("/" + Vm.ToUpperInvariant() + "/"));

    [Fact]
    public void A_sibling_whose_name_begins_alike_is_not_within()
    {
        var group = ResourceId.Parse("/subscriptions/5f1d/resourceGroups/rg");

        Assert.False(ResourceId.Parse(Vm).IsWithin(group));
        Assert.True(ResourceId.Parse(Vm).IsWithin(ResourceId.Subscription("5F1D")));
        Assert.True(ResourceId.Parse(Vm).IsWithin(ResourceId.Tenant));
    }
}
