using System.Security.Cryptography;
using System.Text;
using Bartizan.Content.Rules;
using Bartizan.Detection.Alerts;
using Bartizan.Detection.Entities;
using Bartizan.Detection.Incidents;
using Bartizan.Foundation.Entities;
using Bartizan.Foundation.Outcomes;
using Bartizan.Kql.Types;

namespace Bartizan.Detection.Simulation;

/// <summary>
/// Alerts that say what real ones would, to try notification, automation and people with. They go the way of real alerts, with evidence, incident and
/// row, and say in name, text and custom details that they are samples.
/// </summary>
public sealed class AlertSimulation(AlertIntake intake, TimeProvider time)
{
    public const string Prefix = "[SAMPLE ALERT] ";

    private static readonly Dictionary<string, (string Name, AlertSeverity Severity, string Tactic, string Technique, Entity Entity)> bundles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["AppServices"] = ("Phishing page served by a web app", AlertSeverity.High, "Collection", "T1056.003", Of(EntityKind.URL, "Url", "https://sample-app.example.com/login")),
        ["DNS"] = ("Computer asks for names that a program made up", AlertSeverity.Medium, "CommandAndControl", "T1568.002", Of(EntityKind.Host, "HostName", "sample-vm")),
        ["KeyVaults"] = ("Secrets read from an anonymising network", AlertSeverity.Medium, "CredentialAccess", "T1555", Of(EntityKind.IP, "Address", "203.0.113.99")),
        ["KubernetesService"] = ("Privileged container started", AlertSeverity.Low, "PrivilegeEscalation", "T1611", Of(EntityKind.Host, "HostName", "sample-node")),
        ["ResourceManager"] = ("Operations from an address that is known to be bad", AlertSeverity.Medium, "Execution", "T1059.009", Of(EntityKind.Account, "Name", "sample-user")),
        ["SqlServers"] = ("Statement that looks like an injection", AlertSeverity.High, "InitialAccess", "T1190", Of(EntityKind.Host, "HostName", "sample-sql")),
        ["StorageAccounts"] = ("Store read from an unusual place", AlertSeverity.Low, "Exfiltration", "T1530", Of(EntityKind.IP, "Address", "203.0.113.98")),
        ["VirtualMachines"] = ("Coin miner started", AlertSeverity.High, "Impact", "T1496", Of(EntityKind.Host, "HostName", "sample-vm")),
        ["CosmosDbs"] = ("Keys of the database listed in an unusual way", AlertSeverity.Medium, "CredentialAccess", "T1552", Of(EntityKind.Account, "Name", "sample-user")),
    };

    public static IReadOnlyCollection<string> Bundles => bundles.Keys;

    /// <summary>Raises one alert for each bundle; none when one of them is unknown.</summary>
    public async Task<Outcome<IReadOnlyList<Alert>>> RaiseAsync(IReadOnlyCollection<string> names, string author, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0 || names.FirstOrDefault(n => !bundles.ContainsKey(n)) is not null)
        {
            return new Problem(ProblemKind.Invalid, "BadRequest", $"Name one or more of the bundles {string.Join(", ", bundles.Keys)}.", "properties.bundles");
        }

        var raised = new List<Alert>();
        foreach (var name in names.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var (title, severity, tactic, technique, entity) = bundles[name];
            var now = time.GetUtcNow();
            var rule = new RuleDefinition
            {
                Id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("sampleAlert|" + name.ToLowerInvariant())).AsSpan(0, 16), bigEndian: true),
                Name = Prefix + title,
                Query = "print Sample = true",
            };
            var alert = new Alert
            {
                Id = Guid.CreateVersion7(now),
                RuleId = rule.Id,
                RuleName = rule.Name,
                Name = rule.Name,
                Description = $"This is a sample, asked for by {author}; nothing has happened.",
                Severity = severity,
                Tactics = [tactic],
                Techniques = [technique],
                StartTime = now,
                EndTime = now,
                TimeGenerated = now,
                Entities = [entity],
                CustomDetails = new Dictionary<string, IReadOnlyList<string>> { ["Sample"] = ["true"] },
                Query = new AlertQuery(rule.Query, rule.Query, now, now, 1, TimeSpan.FromMinutes(5), TriggerOperator.GreaterThan, 0),
            };
            var rows = new RuleRows([new("Sample", KqlType.Bool)], [[true]]);
            var evidence = AlertEvidence.Freeze(alert.Id, rows, 1, rule.Query, now, now, AlertIntake.Engine);
            if (!(await intake.RaiseAsync(rule, [(alert, evidence)], [], cancellationToken).ConfigureAwait(false)).TryGetValue(out var one, out var problem))
            {
                return problem;
            }

            raised.AddRange(one);
        }

        return raised;
    }

    private static Entity Of(EntityKind kind, string field, string value) => new(kind, [KeyValuePair.Create(field, value)]);
}
