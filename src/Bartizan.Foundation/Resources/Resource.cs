using System.Text.Json;

namespace Bartizan.Foundation.Resources;

/// <summary>
/// One thing in an estate, of any cloud. For Azure, Kubernetes and machines <paramref name="Record"/> is ARM-shaped JSON; for AWS
/// it is the CloudFormation shape Cloud Control returns, for Google Cloud what Cloud Asset Inventory returns.
/// </summary>
/// <param name="Id">ARM id; other clouds have an ARM-shaped id under their connector's scope.</param>
/// <param name="Type">ARM type, or <c>AWS::S3::Bucket</c>, or <c>storage.googleapis.com/Bucket</c>.</param>
/// <param name="AccountId">Subscription, AWS account, project or cluster that holds it.</param>
/// <param name="Record">The whole resource as its cloud describes it.</param>
public sealed record Resource(
    ResourceId Id, string Name, string Type, string Location, CloudEnvironment Environment, string AccountId, JsonElement Record)
{
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
