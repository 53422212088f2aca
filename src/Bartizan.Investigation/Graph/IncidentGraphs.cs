using Bartizan.Detection.Alerts;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Resources;
using Bartizan.Store.Resources;

namespace Bartizan.Investigation.Graph;

/// <summary>Graphs of incidents, joined with the inventory.</summary>
public sealed class IncidentGraphs(AlertStore alerts, ResourceStore resources)
{
    public async Task<IncidentGraph> OfAsync(Incident incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        var graph = GraphBuilder.Build(incident, await alerts.FindAsync(incident.AlertIds, cancellationToken).ConfigureAwait(false));
        return await WithInventoryAsync(graph, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Resources that entities are, and machines of the inventory that bear a host's name.</summary>
    private async Task<IncidentGraph> WithInventoryAsync(IncidentGraph graph, CancellationToken cancellationToken)
    {
        var nodes = graph.Nodes.ToList();
        var edges = graph.Edges.ToList();
        foreach (var node in graph.Nodes.Where(n => n.Entity is not null))
        {
            if (await ResourceOfAsync(node.Entity!, cancellationToken).ConfigureAwait(false) is not { } resource)
            {
                continue;
            }

            var id = resource.Id.Text.ToLowerInvariant();
            if (!nodes.Exists(n => n.Id == id))
            {
                nodes.Add(new Node(id, NodeKind.Resource, resource.Name)
                {
                    Fields = new Dictionary<string, string> { ["id"] = resource.Id.Text, ["type"] = resource.Type, ["location"] = resource.Location, ["account"] = resource.AccountId },
                });
            }

            edges.Add(new Edge(node.Id, id, EdgeKind.Inventory));
        }

        return graph with { Nodes = nodes, Edges = edges };
    }

    private async Task<Resource?> ResourceOfAsync(Entity entity, CancellationToken cancellationToken)
    {
        if ((entity["ResourceId"] ?? entity["AzureID"]) is { } text && ResourceId.TryParse(text, out var id))
        {
            return await resources.FindAsync(id, cancellationToken).ConfigureAwait(false);
        }

        if (entity.Kind != EntityKind.Host || (entity["HostName"] ?? entity["NetBiosName"]) is not { Length: > 1 } name)
        {
            return null;
        }

        var page = await resources.ListAsync(new ResourceQuery { Search = name, Take = 50 }, cancellationToken).ConfigureAwait(false);
        var machines = page.Items.Where(r => r.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            && (r.Type.EndsWith("/virtualMachines", StringComparison.OrdinalIgnoreCase) || r.Type.EndsWith("/machines", StringComparison.OrdinalIgnoreCase) || r.Type is "AWS::EC2::Instance" or "compute.googleapis.com/Instance")).Take(2).ToArray();
        return machines is [var only] ? only : null;
    }
}
