using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Investigation;

namespace Bartizan.Wire.Client;

/// <summary>An incident's graph, its timeline, and the next questions.</summary>
public sealed class InvestigationClient
{
    private const string Own = "/providers/Microsoft.Bartizan";
    private readonly BartizanClient client;

    internal InvestigationClient(BartizanClient client) => this.client = client;

    public Task<Outcome<IncidentGraph>> GraphAsync(string incident, CancellationToken cancellationToken) =>
        client.GetAsync<IncidentGraph>($"{Own}/incidents/{PathText.Segment(incident)}/graph?api-version={ApiVersions.Bartizan}", cancellationToken);

    public Task<Outcome<ArmList<TimelineEntry>>> TimelineAsync(string incident, CancellationToken cancellationToken) =>
        client.GetAsync<ArmList<TimelineEntry>>($"{Own}/incidents/{PathText.Segment(incident)}/timeline?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>What may be asked of an entity of the incident, by its type and the identifiers that are known.</summary>
    public Task<Outcome<ArmList<ExplorationQuestion>>> QuestionsAsync(string incident, string entity, CancellationToken cancellationToken) =>
        client.GetAsync<ArmList<ExplorationQuestion>>(
            $"{Own}/incidents/{PathText.Segment(incident)}/entities/{PathText.Segment(entity)}/questions?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>Asks; null times mean the incident's own time with the question's margins. <paramref name="fields"/> names an entity that an earlier answer brought.</summary>
    public Task<Outcome<ExpansionAnswer>> ExpandAsync(
        string incident, string entity, string question, DateTimeOffset? from, DateTimeOffset? to, EntityFields? fields, CancellationToken cancellationToken) =>
        client.PostAsync<ExpansionAnswer>(
            $"{Own}/incidents/{PathText.Segment(incident)}/entities/{PathText.Segment(entity)}/expand?api-version={ApiVersions.Bartizan}",
            new ExpansionRequest(question, from, to, fields),
            cancellationToken);

    /// <summary>The incident in plain words.</summary>
    public Task<Outcome<IncidentStory>> StoryAsync(string incident, CancellationToken cancellationToken) =>
        client.GetAsync<IncidentStory>($"{Own}/incidents/{PathText.Segment(incident)}/story?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>What alerts and incidents know of an entity.</summary>
    public Task<Outcome<EntityPageProfile>> ProfileAsync(string entity, CancellationToken cancellationToken) =>
        client.GetAsync<EntityPageProfile>($"{Own}/entities/{PathText.Segment(entity)}/profile?api-version={ApiVersions.Bartizan}", cancellationToken);

    /// <summary>Alerts and bookmarks that name the entity, the oldest first.</summary>
    public Task<Outcome<EntityTimeline>> EntityTimelineAsync(string entity, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) => client.InWorkspaceAsync(
        w => client.PostAsync<EntityTimeline>(
            $"{w.WorkspacePath}/providers/Microsoft.SecurityInsights/entities/{PathText.Segment(entity)}/getTimeline?api-version={ApiVersions.InsightsPreview}", new EntityTimelineRequest(from, to, null, null), cancellationToken),
        cancellationToken);
}
