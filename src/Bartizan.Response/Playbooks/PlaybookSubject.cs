using System.Text.Json.Nodes;
using Bartizan.Foundation.Entities;

namespace Bartizan.Response.Playbooks;

/// <summary>What sets a playbook off.</summary>
public enum PlaybookTrigger
{
    Incident,
    Alert,
    Entity,

    /// <summary>A call that brings its own body.</summary>
    Request,
}

/// <summary>What a playbook is started on.</summary>
public abstract record PlaybookSubject(PlaybookTrigger Trigger)
{
    public sealed record OfIncident(Guid Id) : PlaybookSubject(PlaybookTrigger.Incident);

    public sealed record OfAlert(Guid Id) : PlaybookSubject(PlaybookTrigger.Alert);

    /// <param name="IncidentId">The incident from which the entity was looked at.</param>
    public sealed record OfEntity(Guid Id, Entity Entity, Guid? IncidentId) : PlaybookSubject(PlaybookTrigger.Entity);

    public sealed record Given(JsonNode? Body) : PlaybookSubject(PlaybookTrigger.Request);
}
