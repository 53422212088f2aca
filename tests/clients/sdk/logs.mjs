import assert from 'node:assert/strict';
import { OperationalInsightsManagementClient } from '@azure/arm-operationalinsights';
import { LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query';
import { LogsIngestionClient } from '@azure/monitor-ingestion';
import { all } from './calls.mjs';

export async function logs(calls, to) {
  const management = new OperationalInsightsManagementClient(to.credential, to.own, to.options);
  const workspace = await calls.run('workspaces.get', () => management.workspaces.get(to.group, to.workspace));
  await calls.run('workspaces.list', async () => assert.ok((await all(management.workspaces.list())).some((w) => w.customerId === workspace.customerId)));
  await calls.run('workspaces.listByResourceGroup', async () => assert.equal((await all(management.workspaces.listByResourceGroup(to.group))).length, 1));
  await calls.run('tables.listByWorkspace', async () => assert.ok((await all(management.tables.listByWorkspace(to.group, to.workspace))).some((t) => t.name === 'SecurityEvent')));
  await calls.run('tables.get', async () => assert.ok((await management.tables.get(to.group, to.workspace, 'SecurityEvent')).schema.standardColumns.some((c) => c.name === 'EventID' && c.type === 'int')));
  await calls.refused('tables.get unknown', 404, 'ResourceNotFound', () => management.tables.get(to.group, to.workspace, 'Nothing_CL'));
  await calls.run('sharedKeys', async () => assert.ok((await management.sharedKeysOperations.getSharedKeys(to.group, to.workspace)).primarySharedKey.length > 40));
  await queries(calls, to, workspace);
  await ingestion(calls, to, workspace);
}

async function queries(calls, to, workspace) {
  const client = new LogsQueryClient(to.credential, { endpoint: to.endpoint, audience: to.endpoint });
  const id = workspace.customerId;
  const month = { duration: 'P30D' };
  await calls.run('query count', async () => assert.ok((await client.queryWorkspace(id, 'SecurityEvent | count', month)).tables[0].rows[0][0] > 0));
  await calls.run('query types', async () => {
    const { tables: [table] } = await client.queryWorkspace(id, "print s = 'a', n = 1, l = 5000000000, r = 1.5, b = true, t = datetime(2026-01-02), d = dynamic({'a': 1})", month);
    assert.deepEqual(table.columnDescriptors.map((c) => c.type), ['string', 'long', 'long', 'real', 'bool', 'datetime', 'dynamic']);
    assert.equal(table.rows[0][2], 5000000000);
    assert.ok(table.rows[0][5] instanceof Date && table.rows[0][4] === true);
  });
  await calls.run('query by resource', async () => assert.ok((await client.queryResource(workspace.id, 'SecurityEvent | summarize n = count() by EventID', month)).tables[0].rows.length > 1));
  await calls.run('query with statistics', async () => assert.ok((await client.queryWorkspace(id, 'SecurityEvent | count', month, { includeQueryStatistics: true })).statistics));
  await calls.run('query with a picture', async () => assert.equal((await client.queryWorkspace(id, 'SecurityEvent | summarize count() by bin(TimeGenerated, 1h) | render timechart', month, { includeVisualization: true })).visualization.visualization, 'timechart'));
  await calls.run('query of no time', async () => assert.equal((await client.queryWorkspace(id, 'SecurityEvent | count', { startTime: new Date('2001-01-01'), endTime: new Date('2001-01-02') })).tables[0].rows[0][0], 0));
  await calls.run('query batch', async () => {
    const [good, bad] = await client.queryBatch([{ workspaceId: id, query: 'SecurityEvent | count', timespan: month }, { workspaceId: id, query: 'Nothing | count', timespan: month }]);
    assert.equal(good.status, LogsQueryResultStatus.Success);
    assert.equal(bad.status, LogsQueryResultStatus.Failure);
  });
  await calls.refused('query with a mistake', 400, 'BadArgumentError', () => client.queryWorkspace(id, 'SecurityEvent | wher EventID == 1', month));
  await calls.run('query of joins', async () => assert.ok((await client.queryWorkspace(id, 'SecurityEvent | where isnotempty(Computer) | summarize n = count() by Computer | join kind=inner (SecurityEvent | summarize newest = max(TimeGenerated) by Computer) on Computer | project Computer, n, newest', month)).tables[0].rows.length > 0));
}

async function ingestion(calls, to, workspace) {
  const sender = new LogsIngestionClient(to.endpoint, to.credential, { audience: to.endpoint });
  const reader = new LogsQueryClient(to.credential, { endpoint: to.endpoint, audience: to.endpoint });
  const mark = `clients-${Date.now().toString(36)}`;
  const rule = 'dcr-00000000000000000000000000000000';
  const events = Array.from({ length: 50 }, (_, i) => ({ TimeGenerated: new Date().toISOString(), Mark: mark, Number: i }));
  await calls.run('upload', () => sender.upload(rule, 'Custom-Clients_CL', events));
  await calls.run('uploaded rows', async () => {
    for (let i = 0; ; i++) {
      const { tables } = await reader.queryWorkspace(workspace.customerId, `Clients_CL | where Mark == '${mark}' | summarize n = count(), total = sum(Number)`, { duration: 'P1D' }).catch(() => ({ tables: [] }));
      if (tables[0]?.rows[0][0] === 50) {
        assert.equal(tables[0].rows[0][1], 1225);
        return;
      }

      assert.ok(i < 40, `${tables[0]?.rows[0][0]} of 50`);
      await new Promise((next) => setTimeout(next, 250));
    }
  });
}
