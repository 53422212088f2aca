using Bartizan.Foundation.Entities;
using Bartizan.Investigation.Exploration;
using Bartizan.Investigation.Graph;
using Bartizan.Investigation.Timelines;
using Bartizan.Wire.Investigation;
using WireGraph = Bartizan.Wire.Investigation.IncidentGraph;

namespace Bartizan.Server.Api.Investigation;

/// <summary>Graphs, answers and timelines in the shapes of the API.</summary>
internal static class GraphShapes
{
    public static WireGraph Shape(Bartizan.Investigation.Graph.IncidentGraph graph) => new([.. graph.Nodes.Select(Shape)], [.. graph.Edges.Select(Shape)]);

    public static ExpansionAnswer Shape(Expansion expansion) => new(
        [.. expansion.Nodes.Select(Shape)], [.. expansion.Edges.Select(Shape)], expansion.Query, expansion.Range.From, expansion.Range.To, expansion.Rows, expansion.IsTruncated);

    public static ExplorationQuestion Shape(QuestionOffer offer) => new(
        offer.Question.Id.ToString("D"), offer.Question.DisplayName, offer.Question.Description, EntityVocabulary.RestName(offer.Question.InputEntity),
        [.. offer.Question.OutputEntities.Select(EntityVocabulary.RestName)], offer.Question.DataSources, offer.IsAvailable, offer.WhyNot);

    public static TimelineEntry Shape(Happening happening) => new(
        happening.Id, happening.Kind.ToString(), happening.Start, happening.End, happening.Title, happening.Severity?.ToString(), happening.Text, happening.Tactics, happening.NodeIds);

    private static GraphNode Shape(Node node) => new(
        node.Id, KindOf(node), node.Label, node.Severity?.ToString(), node.IsMember, node.FirstSeen, node.LastSeen, node.Fields);

    private static GraphEdge Shape(Edge edge) => new(
        edge.From, edge.To,
        edge.Kind switch { EdgeKind.Nested => "Related", EdgeKind.RelatedAlert => "Alert", _ => edge.Kind.ToString() },
        edge.Label.Length == 0 ? null : edge.Label, edge.Kind == EdgeKind.RelatedAlert, edge.FirstSeen, edge.LastSeen, edge.Count);

    private static string KindOf(Node node) => node.Kind switch
    {
        NodeKind.Incident => "Incident",
        NodeKind.Alert => "SecurityAlert",
        NodeKind.Resource => "AzureResource",
        _ => EntityVocabulary.RestName(node.Entity!.Kind),
    };
}
