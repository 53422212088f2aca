namespace Bartizan.Wire.Arm;

/// <summary>The api-versions that our own client sends, one per provider.</summary>
public static class ApiVersions
{
    public const string Bartizan = "2026-01-01";
    public const string Subscriptions = "2022-12-01";
    public const string SecureScores = "2020-01-01";
    public const string Assessments = "2021-06-01";
    public const string Compliance = "2019-01-01-preview";
    public const string SecurityAlerts = "2022-01-01";
    public const string Insights = "2024-03-01";
    public const string InsightsPreview = "2024-01-01-preview";
    public const string ManagementGroups = "2020-05-01";
    public const string PolicyInsights = "2019-10-01";
    public const string Policy = "2023-04-01";
    public const string ResourceGraph = "2022-10-01";
    public const string Resources = "2021-04-01";
}
