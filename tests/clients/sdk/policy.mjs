import assert from 'node:assert/strict';
import { PolicyClient } from '@azure/arm-policy';
import { PolicyInsightsClient } from '@azure/arm-policyinsights';
import { all } from './calls.mjs';

export async function policy(calls, to) {
  const client = new PolicyClient(to.credential, to.estate, to.options);
  const insights = new PolicyInsightsClient(to.credential, to.estate, to.options);
  const scope = `/subscriptions/${to.estate}`;
  const name = `clients-${Date.now().toString(36)}`;
  const definition = await definitions(calls, client, name);
  const set = await sets(calls, client, name, definition);
  await assignments(calls, client, scope, name, definition);
  await states(calls, insights, to.estate, name);
  await exemptions(calls, client, scope, name);
  await calls.run('policyAssignments.delete', async () => assert.equal((await client.policyAssignments.delete(scope, name)).name, name));
  await calls.run('policySetDefinitions.delete', () => client.policySetDefinitions.delete(set.name));
  await calls.run('policyDefinitions.delete', () => client.policyDefinitions.delete(name));
  await calls.refused('policyDefinitions.get removed', 404, 'PolicyDefinitionNotFound', () => client.policyDefinitions.get(name));
}

async function definitions(calls, client, name) {
  const rule = { if: { field: 'type', equals: 'Microsoft.Storage/storageAccounts' }, then: { effect: 'audit' } };
  const made = await calls.run('policyDefinitions.createOrUpdate', async () => {
    const answer = await client.policyDefinitions.createOrUpdate(name, { displayName: 'Storage accounts are looked at', mode: 'Indexed', policyRule: rule });
    assert.equal(answer.policyType, 'Custom');
    return answer;
  });
  await calls.run('policyDefinitions.createOrUpdate again', async () => assert.equal((await client.policyDefinitions.createOrUpdate(name, { displayName: 'Again', mode: 'Indexed', policyRule: rule })).displayName, 'Again'));
  await calls.run('policyDefinitions.get', async () => assert.deepEqual((await client.policyDefinitions.get(name)).policyRule, rule));
  await calls.run('policyDefinitions.list', async () => assert.ok((await all(client.policyDefinitions.list())).some((d) => d.name === name)));
  await calls.run('policyDefinitions.list filtered', async () => assert.ok((await all(client.policyDefinitions.list({ filter: "policyType eq 'Custom'" }))).every((d) => d.policyType === 'Custom')));
  const builtIn = await calls.run('policyDefinitions.listBuiltIn', async () => (await all(client.policyDefinitions.listBuiltIn())).find((d) => d.policyType === 'BuiltIn'));
  await calls.run('policyDefinitions.getBuiltIn', async () => assert.equal((await client.policyDefinitions.getBuiltIn(builtIn.name)).displayName, builtIn.displayName));
  await calls.refused('policyDefinitions.createOrUpdate broken', 400, 'InvalidPolicyRule', () => client.policyDefinitions.createOrUpdate(`${name}-x`, { policyRule: { if: { field: 'type', equalz: 'a' }, then: { effect: 'audit' } } }));
  return made;
}

async function sets(calls, client, name, definition) {
  const made = await calls.run('policySetDefinitions.createOrUpdate', () =>
    client.policySetDefinitions.createOrUpdate(`${name}-set`, { displayName: 'A set', policyDefinitions: [{ policyDefinitionId: definition.id, policyDefinitionReferenceId: 'one' }] }));
  await calls.run('policySetDefinitions.get', async () => assert.equal((await client.policySetDefinitions.get(made.name)).policyDefinitions[0].policyDefinitionReferenceId, 'one'));
  await calls.run('policySetDefinitions.list', async () => assert.ok((await all(client.policySetDefinitions.list())).some((d) => d.name === made.name)));
  await calls.run('policySetDefinitions.listBuiltIn', async () => assert.ok((await all(client.policySetDefinitions.listBuiltIn())).length > 0));
  return made;
}

async function assignments(calls, client, scope, name, definition) {
  await calls.run('policyAssignments.create', async () => assert.equal((await client.policyAssignments.create(scope, name, { policyDefinitionId: definition.id, displayName: 'Look' })).scope, scope));
  await calls.run('policyAssignments.get', async () => assert.equal((await client.policyAssignments.get(scope, name)).displayName, 'Look'));
  await calls.run('policyAssignments.list', async () => assert.ok((await all(client.policyAssignments.list())).some((a) => a.name === name)));
  await calls.run('policyAssignments.listForResourceGroup', async () => assert.ok((await all(client.policyAssignments.listForResourceGroup('rg-data'))).some((a) => a.name === name)));
  await calls.refused('policyDefinitions.delete in use', 409, 'PolicyDefinitionInUse', () => client.policyDefinitions.delete(name));
}

async function states(calls, client, subscription, name) {
  await calls.run('policyStates.beginTriggerSubscriptionEvaluationAndWait', () => client.policyStates.beginTriggerSubscriptionEvaluationAndWait(subscription, { updateIntervalInMs: 500 }));
  await calls.run('policyStates of an assignment', async () => {
    const found = await all(client.policyStates.listQueryResultsForSubscriptionLevelPolicyAssignment('latest', subscription, name));
    assert.ok(found.length >= 10 && found.every((s) => s.complianceState === 'NonCompliant' && s.policyAssignmentName === name), `${found.length}`);
  });
  await calls.run('policyStates of a definition', async () => assert.ok((await all(client.policyStates.listQueryResultsForPolicyDefinition('latest', subscription, name))).length >= 10));
  await calls.run('policyStates of a subscription', async () => assert.ok((await all(client.policyStates.listQueryResultsForSubscription('latest', subscription))).length > 300));
  await calls.run('policyStates with $top', async () => assert.equal((await all(client.policyStates.listQueryResultsForSubscription('latest', subscription, { queryOptions: { top: 5 } }))).length, 5));
  await calls.run('policyStates of a group', async () => assert.ok((await all(client.policyStates.listQueryResultsForResourceGroup('latest', subscription, 'rg-data'))).every((s) => s.resourceGroup.toLowerCase() === 'rg-data')));
  await calls.run('policyStates filtered and ordered', async () => {
    const found = await all(client.policyStates.listQueryResultsForSubscription('latest', subscription, { queryOptions: { filter: 'isCompliant eq false', orderBy: 'resourceId desc', top: 50 } }));
    assert.ok(found.every((s, i) => !s.isCompliant && (i === 0 || s.resourceId.toLowerCase() <= found[i - 1].resourceId.toLowerCase())));
  });
  await calls.run('policyStates grouped', async () => {
    const found = await all(client.policyStates.listQueryResultsForSubscription('latest', subscription, { queryOptions: { apply: 'groupby((complianceState), aggregate($count as howMany))' } }));
    assert.ok(found.length > 1 && found.every((g) => g.howMany > 0 && g.complianceState));
  });
  await calls.run('policyStates.summarizeForSubscription', async () => assert.ok((await client.policyStates.summarizeForSubscription('latest', subscription)).value[0].results.nonCompliantResources > 0));
  await calls.run('policyStates.summarizeForResourceGroup', async () => assert.ok((await client.policyStates.summarizeForResourceGroup('latest', subscription, 'rg-data')).value[0].policyAssignments.length > 0));
  await calls.run('policyEvents', async () => assert.equal((await all(client.policyEvents.listQueryResultsForSubscription('default', subscription))).length, 0));
}

async function exemptions(calls, client, scope, name) {
  if (!client.policyExemptions) {
    return;
  }

  const policyAssignmentId = `${scope}/providers/Microsoft.Authorization/policyAssignments/${name}`;
  await calls.run('policyExemptions.createOrUpdate', async () => assert.equal((await client.policyExemptions.createOrUpdate(scope, `${name}-e`, { policyAssignmentId, exemptionCategory: 'Waiver' })).exemptionCategory, 'Waiver'));
  await calls.run('policyExemptions.get', async () => assert.equal((await client.policyExemptions.get(scope, `${name}-e`)).policyAssignmentId, policyAssignmentId));
  await calls.run('policyExemptions.list', async () => assert.ok((await all(client.policyExemptions.list())).some((e) => e.name === `${name}-e`)));
  await calls.run('policyExemptions.delete', () => client.policyExemptions.delete(scope, `${name}-e`));
}
