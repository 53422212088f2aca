import assert from 'node:assert/strict';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { ResourceManagementClient } from '@azure/arm-resources';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { ManagementGroupsAPI } from '@azure/arm-managementgroups';
import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { all } from './calls.mjs';

export async function tenancy(calls, to) {
  await subscriptions(calls, to);
  await resources(calls, to);
  await graph(calls, to);
  await roles(calls, to);
}

async function subscriptions(calls, to) {
  const client = new SubscriptionClient(to.credential, to.options);
  await calls.run('tenants.list', async () => assert.equal((await all(client.tenants.list()))[0].tenantId, to.tenant));
  await calls.run('subscriptions.list', async () => assert.ok((await all(client.subscriptions.list())).some((s) => s.displayName === 'kh-production' && s.state === 'Enabled')));
  await calls.run('subscriptions.get', async () => assert.equal((await client.subscriptions.get(to.estate)).displayName, 'kh-production'));
  await calls.run('subscriptions.listLocations', async () => assert.ok((await all(client.subscriptions.listLocations(to.estate))).some((l) => l.name === 'westeurope')));
  await calls.refused('subscriptions.get unknown', 404, 'SubscriptionNotFound', () => client.subscriptions.get('00000000-0000-0000-0000-000000000001'));
  const groups = new ManagementGroupsAPI(to.credential, to.options);
  await calls.run('managementGroups.list', async () => assert.equal((await all(groups.managementGroups.list()))[0].name, to.tenant));
  await calls.run('managementGroups.get', async () => assert.ok((await groups.managementGroups.get(to.tenant, { expand: 'children' })).children.some((c) => c.name === to.estate)));
  await calls.run('managementGroups.listDescendants', async () => assert.ok((await all(groups.managementGroups.listDescendants(to.tenant))).some((d) => d.name === to.estate)));
}

async function resources(calls, to) {
  const client = new ResourceManagementClient(to.credential, to.estate, to.options);
  await calls.run('resourceGroups.list', async () => assert.deepEqual((await all(client.resourceGroups.list())).map((g) => g.name).slice(0, 2), ['rg-data', 'rg-erp']));
  await calls.run('resourceGroups.get', async () => assert.equal((await client.resourceGroups.get('RG-WEB')).location, 'westeurope'));
  await calls.run('resourceGroups.checkExistence', async () => assert.equal((await client.resourceGroups.checkExistence('rg-web')).body, true));
  await calls.run('resourceGroups.checkExistence of none', async () => assert.equal((await client.resourceGroups.checkExistence('nothing')).body, false));
  await calls.refused('resourceGroups.get unknown', 404, 'ResourceGroupNotFound', () => client.resourceGroups.get('nothing'));
  const everything = await calls.run('resources.list', async () => {
    const found = await all(client.resources.list());
    assert.ok(found.length > 100 && new Set(found.map((r) => r.id.toLowerCase())).size === found.length);
    return found;
  });
  await calls.run('resources.list by pages', async () => assert.equal((await all(client.resources.list({ top: 7 }))).length, everything.length));
  await calls.run('resources.list of a type', async () => {
    const found = await all(client.resources.list({ filter: "resourceType eq 'Microsoft.Storage/storageAccounts'" }));
    assert.equal(found.length, everything.filter((r) => r.type.toLowerCase() === 'microsoft.storage/storageaccounts').length);
  });
  await calls.run('resources.list by tag', async () => {
    const found = await all(client.resources.list({ filter: "tagName eq 'environment' and tagValue eq 'production'" }));
    assert.ok(found.length > 10 && found.every((r) => r.tags.environment === 'production'));
  });
  await calls.run('resources.listByResourceGroup', async () => assert.ok((await all(client.resources.listByResourceGroup('rg-data'))).every((r) => /resourcegroups\/rg-data\//i.test(r.id))));
  const disk = everything?.find((r) => r.type === 'Microsoft.Compute/disks');
  await calls.run('resources.getById', async () => assert.ok((await client.resources.getById(disk.id, '2023-04-02')).properties));
  await calls.run('resources.get', async () => assert.equal((await client.resources.get('rg-data', 'Microsoft.Compute', '', 'disks', 'vm-etl-os', '2023-04-02')).name, 'vm-etl-os'));
  await calls.refused('resources.getById unknown', 404, 'ResourceNotFound', () => client.resources.getById(`${disk.id}x`, '2023-04-02'));
  await calls.run('providers.list', async () => assert.ok((await all(client.providers.list())).some((p) => p.namespace === 'Microsoft.Security')));
  await calls.run('providers.get', async () => assert.equal((await client.providers.get('microsoft.security')).registrationState, 'Registered'));
  await calls.refused('providers.get unknown', 404, 'InvalidResourceNamespace', () => client.providers.get('Microsoft.Nothing'));
  await calls.run('tagsOperations.list', async () => assert.ok((await all(client.tagsOperations.list())).find((t) => t.tagName === 'environment').values.some((v) => v.tagValue === 'production')));
}

async function graph(calls, to) {
  const client = new ResourceGraphClient(to.credential, { ...to.options, baseUri: to.endpoint });
  const ask = (query, options) => client.resources({ subscriptions: [to.estate], query, options });
  await calls.run('graph count', async () => assert.ok((await ask('Resources | count')).data[0].Count > 100));
  await calls.run('graph summarize', async () => assert.equal((await ask("Resources | summarize n = count() by type | order by n desc | take 3")).data.length, 3));
  await calls.run('graph project', async () => {
    const { data } = await ask("Resources | where type =~ 'microsoft.storage/storageaccounts' | project id, name, properties | order by name asc");
    assert.ok(data.length >= 10 && typeof data[0].properties === 'object');
  });
  await calls.run('graph pages', async () => {
    const ids = new Set();
    let skipToken;
    do {
      const page = await ask('Resources | project id | order by id asc', { top: 40, skipToken, resultFormat: 'objectArray' });
      page.data.forEach((r) => ids.add(r.id));
      skipToken = page.skipToken;
    } while (skipToken);
    assert.ok(ids.size > 100, `${ids.size}`);
  });
  await calls.run('graph table', async () => assert.equal((await ask('Resources | project name | take 2', { resultFormat: 'table' })).data.columns[0].name, 'name'));
  await calls.run('graph security', async () => assert.ok((await ask("SecurityResources | where type =~ 'microsoft.security/assessments' | count")).data[0].Count > 0));
  await calls.run('graph containers', async () => assert.ok((await ask("ResourceContainers | where type =~ 'microsoft.resources/subscriptions' | project name")).data.length > 0));
  await calls.run('graph join', async () => assert.ok((await ask("Resources | where type =~ 'microsoft.compute/disks' | join kind=inner (ResourceContainers | where type =~ 'microsoft.resources/subscriptions' | project subscriptionId, subscription = name) on subscriptionId | project name, subscription | take 1")).data[0].subscription));
  await calls.refused('graph wrong query', 400, 'BadRequest', () => ask('Resources | wher type'));
  await calls.run('graph operations', async () => assert.ok(Array.isArray(await client.operations.list())));
}

async function roles(calls, to) {
  const client = new AuthorizationManagementClient(to.credential, to.estate, to.options);
  const scope = `/subscriptions/${to.estate}`;
  const definitions = await calls.run('roleDefinitions.list', () => all(client.roleDefinitions.list(scope)));
  const reader = definitions?.find((r) => r.roleName === 'Reader');
  await calls.run('roleDefinitions.list filtered', async () => assert.equal((await all(client.roleDefinitions.list(scope, { filter: "roleName eq 'Reader'" })))[0].name, reader.name));
  await calls.run('roleDefinitions.get', async () => assert.equal((await client.roleDefinitions.get(scope, reader.name)).roleName, 'Reader'));
  const mine = await calls.run('roleAssignments.listForScope', async () => {
    const found = await all(client.roleAssignments.listForScope(scope));
    assert.ok(found.length > 0 && found.every((a) => a.principalId && a.roleDefinitionId));
    return found;
  });
  const name = crypto.randomUUID();
  await calls.run('roleAssignments.create', async () => assert.equal((await client.roleAssignments.create(scope, name, { roleDefinitionId: reader.id, principalId: mine[0].principalId })).name, name));
  await calls.run('roleAssignments.get', async () => assert.equal((await client.roleAssignments.get(scope, name)).scope, scope));
  await calls.run('roleAssignments.listForSubscription', async () => assert.ok((await all(client.roleAssignments.listForSubscription())).some((a) => a.name === name)));
  await calls.run('roleAssignments.delete', async () => assert.equal((await client.roleAssignments.delete(scope, name)).name, name));
  await calls.refused('roleAssignments.get removed', 404, 'RoleAssignmentNotFound', () => client.roleAssignments.get(scope, name));
  await calls.refused('roleAssignments.create of nobody', 400, 'PrincipalNotFound', () => client.roleAssignments.create(scope, crypto.randomUUID(), { roleDefinitionId: reader.id, principalId: crypto.randomUUID() }));
  await calls.run('permissions.listForResourceGroup', async () => assert.ok((await all(client.permissions.listForResourceGroup('rg-data')))[0].actions.includes('*')));
}
