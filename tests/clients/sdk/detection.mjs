import assert from 'node:assert/strict';
import { SecurityInsights } from '@azure/arm-securityinsight';
import { all } from './calls.mjs';

export async function detection(calls, to) {
  const client = new SecurityInsights(to.credential, to.own, to.options);
  const at = [to.group, to.workspace];
  await rules(calls, client, at);
  await incidents(calls, client, at);
}

async function rules(calls, client, at) {
  const id = crypto.randomUUID();
  const rule = {
    kind: 'Scheduled', displayName: 'Many refused sign-ins', severity: 'High', enabled: true, query: 'SecurityEvent | where EventID == 4625 | summarize Count = count() by Computer',
    queryFrequency: 'PT1H', queryPeriod: 'PT1H', triggerOperator: 'GreaterThan', triggerThreshold: 0, suppressionDuration: 'PT1H', suppressionEnabled: false, tactics: ['CredentialAccess'],
    entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier: 'HostName', columnName: 'Computer' }] }],
  };
  const made = await calls.run('alertRules.createOrUpdate', async () => {
    const answer = await client.alertRules.createOrUpdate(...at, id, rule);
    assert.equal(answer.query, rule.query);
    return answer;
  });
  await calls.run('alertRules.get', async () => assert.equal((await client.alertRules.get(...at, id)).displayName, rule.displayName));
  await calls.run('alertRules.createOrUpdate again', async () => assert.equal((await client.alertRules.createOrUpdate(...at, id, { ...rule, severity: 'Low', etag: made.etag })).severity, 'Low'));
  await calls.run('alertRules.list', async () => assert.ok((await all(client.alertRules.list(...at))).some((r) => r.name === id && r.kind === 'Scheduled')));
  await calls.run('alertRuleTemplates.list', async () => assert.ok((await all(client.alertRuleTemplates.list(...at))).every((t) => t.displayName && t.kind)));
  await calls.refused('alertRules.createOrUpdate broken', 400, 'BadRequest', () => client.alertRules.createOrUpdate(...at, crypto.randomUUID(), { ...rule, query: 'SecurityEvent | wher 1' }));
  await calls.run('alertRules.delete', () => client.alertRules.delete(...at, id));
  await calls.refused('alertRules.get removed', 404, 'NotFound', () => client.alertRules.get(...at, id));
}

async function incidents(calls, client, at) {
  const id = crypto.randomUUID();
  const body = { title: 'Looked at by hand', severity: 'Medium', status: 'New' };
  const made = await calls.run('incidents.createOrUpdate', async () => {
    const answer = await client.incidents.createOrUpdate(...at, id, body);
    assert.ok(answer.incidentNumber > 0 && answer.etag);
    return answer;
  });
  await calls.run('incidents.get', async () => assert.equal((await client.incidents.get(...at, id)).title, body.title));
  await calls.run('incidents.createOrUpdate again', async () => assert.equal((await client.incidents.createOrUpdate(...at, id, { ...body, status: 'Active', etag: made.etag })).status, 'Active'));
  await calls.refused('incidents.createOrUpdate stale', 409, 'Conflict', () => client.incidents.createOrUpdate(...at, id, { ...body, severity: 'High', etag: made.etag }));
  await calls.run('incidents.list', async () => assert.ok((await all(client.incidents.list(...at))).some((i) => i.name === id)));
  await calls.run('incidents.list filtered', async () => assert.ok((await all(client.incidents.list(...at, { filter: "properties/status eq 'Active'", orderby: 'properties/createdTimeUtc desc', top: 10 }))).every((i) => i.status === 'Active')));
  const comment = crypto.randomUUID();
  await calls.run('incidentComments.createOrUpdate', async () => assert.equal((await client.incidentComments.createOrUpdate(...at, id, comment, { message: 'Seen' })).message, 'Seen'));
  await calls.run('incidentComments.list', async () => assert.equal((await all(client.incidentComments.list(...at, id))).length, 1));
  await calls.run('incidentComments.get', async () => assert.ok((await client.incidentComments.get(...at, id, comment)).author));
  await calls.run('incidentComments.delete', () => client.incidentComments.delete(...at, id, comment));
  await calls.run('incidents.listAlerts', async () => assert.equal((await client.incidents.listAlerts(...at, id)).value.length, 0));
  await calls.run('incidents.listEntities', async () => assert.deepEqual((await client.incidents.listEntities(...at, id)).entities, []));
  await calls.run('incidents.listBookmarks', async () => assert.equal((await client.incidents.listBookmarks(...at, id)).value.length, 0));
  await calls.run('incidentRelations.list', async () => assert.equal((await all(client.incidentRelations.list(...at, id))).length, 0));
  await calls.run('incidents close', async () => assert.equal((await client.incidents.createOrUpdate(...at, id, { ...body, status: 'Closed', classification: 'BenignPositive', classificationReason: 'SuspiciousButExpected' })).classification, 'BenignPositive'));
  await calls.run('incidents.delete', () => client.incidents.delete(...at, id));
  await calls.refused('incidents.get removed', 404, 'NotFound', () => client.incidents.get(...at, id));
}
