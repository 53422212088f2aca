using System.Globalization;
using System.Xml;
using Bartizan.Detection.Anomalies;
using Bartizan.Foundation.Outcomes;
using Bartizan.Server.Api.Arm;
using Bartizan.Server.Auth.Roles;
using Bartizan.Wire.Arm;
using Bartizan.Wire.Detection;

namespace Bartizan.Server.Api.Detection;

/// <summary><c>Microsoft.SecurityInsights/securityMLAnalyticsSettings</c>: the anomaly rules.</summary>
internal static class AnomalySettingRoutes
{
    private const string Action = "Microsoft.SecurityInsights/securityMLAnalyticsSettings";
    private const string Settings = "/providers/" + Action;

    public static void MapAnomalySettings(this IEndpointRouteBuilder routes)
    {
        var insights = routes.MapInsights();
        insights.ArmList(Settings, Action + "/read", ListAsync);
        insights.ArmGet(Settings + "/{setting:guid}", Action + "/read", GetAsync);
        insights.ArmPut(Settings + "/{setting:guid}", Action + "/write", PutAsync);
        insights.ArmDelete(Settings + "/{setting:guid}", Action + "/delete", DeleteAsync);
    }

    private static async Task<IResult> ListAsync(ListQuery query, AnomalyRules rules, Home home, CancellationToken cancellationToken) =>
        ArmResults.Page((await rules.AllAsync(cancellationToken)).Select(s => Shape(s.Setting, s.ETag, rules, home)).ToList(), query);

    private static async Task<IResult> GetAsync(Guid setting, AnomalyRules rules, Home home, CancellationToken cancellationToken) =>
        await rules.FindAsync(setting, cancellationToken) is { } found ? ArmResults.Resource(Shape(found.Setting, found.ETag, rules, home)) : NotFound(setting);

    private static async Task<IResult> PutAsync(
        Guid setting, ArmResource<AnomalySettingProperties> body, IfMatch match, Caller caller, AnomalyRules rules, Home home, CancellationToken cancellationToken)
    {
        var p = body.Properties;
        if (body.Kind is not null && !body.Kind.Equals("Anomaly", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse("kind", $"'{body.Kind}' is no kind of setting here; Anomaly is.");
        }

        var known = await rules.FindAsync(setting, cancellationToken);
        if (!Guid.TryParse(p.SettingsDefinitionId ?? known?.Setting.DefinitionId.ToString("D"), out var definition))
        {
            return Refuse("properties.settingsDefinitionId", "Say by settingsDefinitionId which anomaly this tunes.");
        }

        if (!Enum.TryParse<AnomalyStatus>(p.SettingsStatus ?? nameof(AnomalyStatus.Production), ignoreCase: true, out var status) || int.TryParse(p.SettingsStatus, out _))
        {
            return Refuse("properties.settingsStatus", $"'{p.SettingsStatus}' is neither Production nor Flighting.");
        }

        var parameters = new Dictionary<string, double>();
        foreach (var threshold in p.CustomizableObservations?.ThresholdObservations ?? [])
        {
            if (threshold?.Name is not { } name || !double.TryParse(threshold.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                return Refuse("properties.customizableObservations", $"The threshold '{threshold?.Name}' has the value '{threshold?.Value}', which is no number.");
            }

            parameters[name] = value;
        }

        var outcome = await rules.PutAsync(
            new AnomalySetting { Id = setting, DefinitionId = definition, Name = p.DisplayName ?? "", IsEnabled = p.Enabled ?? true, Status = status, Parameters = parameters },
            match.With(body.Etag), caller.Name, cancellationToken);
        if (!outcome.IsSuccess)
        {
            return ArmErrors.Result(outcome.Problem);
        }

        var saved = (await rules.FindAsync(setting, cancellationToken))!.Value;
        return ArmResults.Resource(Shape(saved.Setting, saved.ETag, rules, home), known is null ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(Guid setting, IfMatch match, Caller caller, AnomalyRules rules, CancellationToken cancellationToken) =>
        ArmResults.Deleted(await rules.DeleteAsync(setting, match.With(null), caller.Name, cancellationToken));

    private static ArmResource<AnomalySettingProperties> Shape(AnomalySetting setting, string? etag, AnomalyRules rules, Home home)
    {
        var definition = rules.Definition(setting.DefinitionId)!;
        return new ArmResource<AnomalySettingProperties>
        {
            Id = InsightsPath.Id(home, $"securityMLAnalyticsSettings/{setting.Id:D}"),
            Name = setting.Id.ToString("D"),
            Type = Action,
            Kind = "Anomaly",
            Etag = etag is null ? null : $"\"{etag}\"",
            Properties = new AnomalySettingProperties
            {
                DisplayName = setting.Name,
                Description = definition.Description,
                Enabled = setting.IsEnabled,
                LastModifiedUtc = setting.LastModified,
                RequiredDataConnectors = [new AnomalyDataConnector("Any", definition.DataSources)],
                Tactics = definition.Tactics,
                Techniques = definition.Techniques,
                AnomalyVersion = definition.Version,
                CustomizableObservations = new AnomalyObservations
                {
                    ThresholdObservations =
                    [
                        .. definition.Parameters.Select((d, i) => new AnomalyThreshold(
                            d.Name, d.Description, Text(d.Least), Text(d.Most), Text(setting.Parameters.TryGetValue(d.Name, out var value) ? value : d.Value), i + 1, "NotRequired")),
                    ],
                },
                Frequency = XmlConvert.ToString(definition.Frequency),
                SettingsStatus = setting.Status.ToString(),
                IsDefaultSettings = setting.IsDefault,
                AnomalySettingsVersion = setting.Version,
                SettingsDefinitionId = setting.DefinitionId.ToString("D"),
            },
        };
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static IResult Refuse(string target, string message) => ArmErrors.Result(new Problem(ProblemKind.Invalid, "BadRequest", message, target));

    private static IResult NotFound(Guid setting) => ArmErrors.Result(new Problem(ProblemKind.NotFound, "NotFound", $"There is no anomaly rule '{setting}'.", "settingsResourceName"));
}
