// The JavaScript SDKs against a running server with the sample estate. Reads AZURE_CLIENT_ID, AZURE_CLIENT_SECRET,
// AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID and AZURE_AUTHORITY_HOST, as `bartizan service-principal create --output env` prints them,
// and NODE_EXTRA_CA_CERTS for the server's authority. Each call asserts content; ends with 1 when any fails.
import { Calls } from './sdk/calls.mjs';
import { connect } from './sdk/connection.mjs';
import { tenancy } from './sdk/tenancy.mjs';
import { posture } from './sdk/posture.mjs';
import { policy } from './sdk/policy.mjs';
import { logs } from './sdk/logs.mjs';
import { detection } from './sdk/detection.mjs';

const calls = new Calls(process.argv[2]);
const to = await connect();
for (const part of [tenancy, posture, policy, logs, detection]) {
  await part(calls, to);
}

process.exit(calls.report());
