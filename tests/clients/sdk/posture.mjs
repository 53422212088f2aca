import assert from 'node:assert/strict';
import { SecurityCenter } from '@azure/arm-security';
import { all } from './calls.mjs';

export async function posture(calls, to) {
  const client = new SecurityCenter(to.credential, to.estate, to.options);
  const scope = `/subscriptions/${to.estate}`;
  await score(calls, client);
  const assessments = await findings(calls, client, scope);
  await compliance(calls, client);
  await calls.run('graph and assessments agree', async () => assert.ok(assessments.length > 100));
  await places(calls, client);
}

async function score(calls, client) {
  await calls.run('secureScores.list', async () => {
    const [found] = await all(client.secureScores.list());
    assert.ok(found.name === 'ascScore' && found.max > 0 && found.current <= found.max && Math.abs(found.percentage - found.current / found.max) < 0.001);
  });
  await calls.run('secureScores.get', async () => assert.ok((await client.secureScores.get('ascScore')).weight > 0));
  await calls.refused('secureScores.get unknown', 404, 'ResourceNotFound', () => client.secureScores.get('nothing'));
  const controls = await calls.run('secureScoreControls.list', () => all(client.secureScoreControls.list()));
  await calls.run('secureScoreControls.listBySecureScore', async () => assert.equal((await all(client.secureScoreControls.listBySecureScore('ascScore'))).length, controls.length));
  await calls.run('secureScoreControls expanded', async () => assert.ok((await all(client.secureScoreControls.list({ expand: 'definition' })))[0].definition?.properties ?? true));
  await calls.run('secureScoreControlDefinitions.list', async () => assert.ok((await all(client.secureScoreControlDefinitions.list())).every((d) => d.displayName && d.maxScore >= 0)));
  await calls.run('secureScoreControlDefinitions.listBySubscription', async () => assert.ok((await all(client.secureScoreControlDefinitions.listBySubscription())).some((d) => d.assessmentDefinitions.length > 0)));
}

async function findings(calls, client, scope) {
  const assessments = await calls.run('assessments.list', async () => {
    const found = await all(client.assessments.list(scope));
    assert.ok(found.some((a) => a.status.code === 'Unhealthy') && found.every((a) => a.displayName && a.resourceDetails.source));
    return found;
  });
  const bad = assessments?.find((a) => a.status.code === 'Unhealthy' && a.resourceDetails.source === 'Azure');
  const resource = bad?.id.slice(0, bad.id.indexOf('/providers/Microsoft.Security/'));
  await calls.run('assessments.get', async () => assert.equal((await client.assessments.get(resource, bad.name)).status.code, 'Unhealthy'));
  await calls.run('assessments.get expanded', async () => assert.ok((await client.assessments.get(resource, bad.name, { expand: 'metadata' })).metadata.severity));
  await calls.run('assessments.list of one resource', async () => assert.ok((await all(client.assessments.list(resource))).every((a) => a.id.toLowerCase().startsWith(resource.toLowerCase()))));
  await calls.refused('assessments.get unknown', 404, 'ResourceNotFound', () => client.assessments.get(resource, crypto.randomUUID()));
  await calls.run('assessmentsMetadata.list', async () => assert.ok((await all(client.assessmentsMetadata.list())).every((m) => ['Low', 'Medium', 'High'].includes(m.severity) && m.assessmentType)));
  await calls.run('assessmentsMetadata.get', async () => assert.equal((await client.assessmentsMetadata.get(bad.name)).displayName, bad.displayName));
  await calls.run('assessmentsMetadata.listBySubscription', async () => assert.ok((await all(client.assessmentsMetadata.listBySubscription())).length > 50));
  await calls.run('assessmentsMetadata.getInSubscription', async () => assert.ok((await client.assessmentsMetadata.getInSubscription(bad.name)).remediationDescription));
  await calls.run('subAssessments.listAll', async () => assert.ok(Array.isArray(await all(client.subAssessments.listAll(scope)))));
  await calls.run('subAssessments.list', async () => assert.ok(Array.isArray(await all(client.subAssessments.list(resource, bad.name)))));
  return assessments;
}

async function compliance(calls, client) {
  const standards = await calls.run('regulatoryComplianceStandards.list', () => all(client.regulatoryComplianceStandards.list()));
  const standard = standards?.find((s) => s.failedControls > 0);
  await calls.run('regulatoryComplianceStandards.get', async () => assert.equal((await client.regulatoryComplianceStandards.get(standard.name)).failedControls, standard.failedControls));
  const controls = await calls.run('regulatoryComplianceControls.list', async () => {
    const found = await all(client.regulatoryComplianceControls.list(standard.name));
    assert.equal(found.filter((c) => c.state === 'Failed').length, standard.failedControls);
    return found;
  });
  const failed = controls?.find((c) => c.state === 'Failed');
  await calls.run('regulatoryComplianceControls.get', async () => assert.ok((await client.regulatoryComplianceControls.get(standard.name, failed.name)).failedAssessments > 0));
  const checks = await calls.run('regulatoryComplianceAssessments.list', async () => {
    const found = await all(client.regulatoryComplianceAssessments.list(standard.name, failed.name));
    assert.ok(found.some((a) => a.state === 'Failed' && a.failedResources > 0));
    return found;
  });
  await calls.run('regulatoryComplianceAssessments.get', async () => assert.equal((await client.regulatoryComplianceAssessments.get(standard.name, failed.name, checks[0].name)).description, checks[0].description));
  await calls.refused('regulatoryComplianceStandards.get unknown', 404, 'ResourceNotFound', () => client.regulatoryComplianceStandards.get('nothing'));
}

/** Lists that Azure has; a list whose feature is not here is empty, never an error. */
async function places(calls, client) {
  await calls.run('locations.list', async () => assert.ok((await all(client.locations.list())).length > 0));
  await calls.run('locations.get', async () => assert.equal((await client.locations.get('centralus')).name, 'centralus'));
  const lists = {
    tasks: () => client.tasks.list(), alertsSuppressionRules: () => client.alertsSuppressionRules.list(), autoProvisioningSettings: () => client.autoProvisioningSettings.list(),
    workspaceSettings: () => client.workspaceSettings.list(), securityContacts: () => client.securityContacts.list(), settings: () => client.settings.list(),
    automations: () => client.automations.list(), jitNetworkAccessPolicies: () => client.jitNetworkAccessPolicies.list(), allowedConnections: () => client.allowedConnections.list(),
    topology: () => client.topology.list(), discoveredSecuritySolutions: () => client.discoveredSecuritySolutions.list(), externalSecuritySolutions: () => client.externalSecuritySolutions.list(),
    connectors: () => client.connectors.list(), securityConnectors: () => client.securityConnectors.list(), softwareInventories: () => client.softwareInventories.listBySubscription(),
    mdeOnboardings: async () => (await client.mdeOnboardings.list()).value, securitySolutions: () => client.securitySolutions.list(),
    iotSecuritySolution: () => client.iotSecuritySolution.listBySubscription(),
  };
  for (const [name, list] of Object.entries(lists)) {
    await calls.run(`${name}.list`, async () => {
      const found = await list();
      assert.ok((Array.isArray(found) ? found : await all(found)).every((item) => item.id && item.name));
    });
  }

  await calls.run('pricings.list', async () => assert.ok(Array.isArray((await client.pricings.list()).value)));
  await calls.run('alerts.list', async () => assert.ok((await all(client.alerts.list())).every((a) => a.alertDisplayName && a.severity)));
}
