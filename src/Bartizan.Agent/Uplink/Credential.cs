using System.Text.Json;
using Bartizan.Foundation.Outcomes;

namespace Bartizan.Agent.Uplink;

/// <summary>By what the agent signs in: a service principal's id and secret, as <c>bartizan service-principal create --output json</c> writes them.</summary>
internal sealed record Credential(string ClientId, string Secret)
{
    public static Outcome<Credential> Read(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var id = Text(json.RootElement, "appId") ?? Text(json.RootElement, "clientId");
            var secret = Text(json.RootElement, "password") ?? Text(json.RootElement, "clientSecret");
            return id is null || secret is null
                ? new Problem(ProblemKind.Invalid, "InvalidCredential", $"The credential '{file}' needs an appId and a password, as 'bartizan service-principal create --output json' writes them.", "--credential")
                : new Credential(id, secret);
        }
        catch (JsonException e)
        {
            return new Problem(ProblemKind.Invalid, "InvalidCredential", $"The credential '{file}' is not JSON ({e.Message.TrimEnd('.')}).", "--credential");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Invalid, "InvalidCredential", $"The credential '{file}' cannot be read ({e.Message.TrimEnd('.')}).", "--credential");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
