using System.CommandLine;
using Bartizan.Cli.Connection;
using Bartizan.Cli.Output;
using Bartizan.Foundation.Outcomes;
using Bartizan.Wire.Access;
using Bartizan.Wire.Client;

namespace Bartizan.Cli;

/// <summary><c>bartizan service-principal</c>: identities for programs.</summary>
internal static class ServicePrincipalCommand
{
    public static Command Create() => new("service-principal", "Make identities for programs, and list and remove them.")
    {
        CreateOne(),
        List(),
        Remove(),
    };

    private static Command CreateOne()
    {
        var command = new Command(
            "create",
            "Make a service principal with a role. Its secret is shown this once.\n\n  bartizan service-principal create --name shipper --role Reader\n  eval \"$(bartizan service-principal create --name ci --role Contributor --output env)\"    sets AZURE_CLIENT_ID and the rest\n"
            + "  bartizan service-principal create --name app --role 'Security Reader' --scope /subscriptions/…");
        var name = new Option<string>("--name", "-n") { Description = "What to call it.", Required = true, HelpName = "NAME" };
        var role = new Option<string>("--role") { Description = "A role by Azure's name: Owner, Contributor, Reader, Security Admin, Security Reader, Microsoft Sentinel Reader …", Required = true, HelpName = "ROLE" };
        var scope = new Option<string?>("--scope") { Description = "Where the role holds: a resource id such as /subscriptions/…; the whole tenant if not given.", HelpName = "SCOPE" };
        var output = new Option<string>("--output", "-o") { Description = "table, json, or env: lines for a shell to evaluate.", DefaultValueFactory = _ => "table", HelpName = "table|json|env" };
        output.AcceptOnlyFromAmong("table", "json", "env");
        command.Options.Add(name);
        command.Options.Add(role);
        command.Options.Add(scope);
        command.Options.Add(output);
        var options = ServerOptions.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            if (!options.Open(result).TryGetValue(out var connection, out var problem))
            {
                return Run.Refuse(problem);
            }

            using (connection)
            {
                var request = new ServicePrincipalRequest(result.GetValue(name), result.GetValue(role), result.GetValue(scope));
                var made = await connection.Client.Access.CreateServicePrincipalAsync(request, cancellationToken);
                return made.TryGetValue(out var created, out problem) ? Show(created, connection.Login, result.GetValue(output)!) : Run.Refuse(problem);
            }
        });
        return command;
    }

    private static int Show(ServicePrincipalCreated created, ServerLogin login, string format)
    {
        var host = login.Url.TrimEnd('/');
        switch (format)
        {
            case "json":
                ResultTable.WriteJson(new
                {
                    appId = created.Principal.AppId,
                    displayName = created.Principal.Name,
                    objectId = created.Principal.ObjectId,
                    password = created.Secret,
                    tenant = created.TenantId,
                    subscription = created.SubscriptionId,
                    authorityHost = host,
                    roles = created.Principal.Roles,
                });
                break;
            case "env":
                Console.WriteLine($"AZURE_CLIENT_ID={created.Principal.AppId}");
                Console.WriteLine($"AZURE_CLIENT_SECRET={created.Secret}");
                Console.WriteLine($"AZURE_TENANT_ID={created.TenantId}");
                Console.WriteLine($"AZURE_SUBSCRIPTION_ID={created.SubscriptionId}");
                Console.WriteLine($"AZURE_AUTHORITY_HOST={host}");
                break;
            default:
                var table = new ResultTable("Name", "AppId", "Secret", "Tenant", "Role", "Scope");
                table.Add(created.Principal.Name, created.Principal.AppId, created.Secret, created.TenantId, created.Principal.Roles[0].Role, created.Principal.Roles[0].Scope);
                table.Write(OutputFormat.Table);
                break;
        }

        return ExitCodes.Done;
    }

    private static Command List()
    {
        var command = new Command("list", "List service principals and their roles.");
        var options = ServerOptions.AddTo(command);
        var output = OutputOption.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var all = await Pages.AllAsync(client, await client.Access.ServicePrincipalsAsync(cancellationToken), cancellationToken);
            if (!all.TryGetValue(out var found, out var problem))
            {
                return problem;
            }

            var table = new ResultTable("Name", "AppId", "ObjectId", "Roles");
            foreach (var entry in found)
            {
                table.Add(entry.Name, entry.AppId, entry.ObjectId, string.Join(", ", entry.Roles.Select(r => $"{r.Role} at {r.Scope}")));
            }

            table.Write(result.GetValue(output));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("delete", "Remove a service principal and its roles. Its tokens stop working at once.");
        var id = new Argument<string>("NAME|ID") { Description = "Its name, application id or object id." };
        command.Arguments.Add(id);
        var options = ServerOptions.AddTo(command);
        command.SetServerAction(options, async (result, client, cancellationToken) =>
        {
            var all = await Pages.AllAsync(client, await client.Access.ServicePrincipalsAsync(cancellationToken), cancellationToken);
            if (!all.TryGetValue(out var found, out var problem))
            {
                return problem;
            }

            var wanted = result.GetValue(id)!;
            if (found.FirstOrDefault(p => new[] { p.Name, p.AppId, p.ObjectId }.Contains(wanted, StringComparer.OrdinalIgnoreCase)) is not { } entry)
            {
                return new Problem(ProblemKind.NotFound, "ServicePrincipalNotFound", $"There is no service principal '{wanted}'.", wanted);
            }

            var deleted = await client.Access.DeleteServicePrincipalAsync(entry.ObjectId, cancellationToken);
            if (!deleted.IsSuccess)
            {
                return deleted.Problem;
            }

            Console.WriteLine($"Removed '{entry.Name}'.");
            return ExitCodes.Done;
        });
        return command;
    }
}
