import { ClientSecretCredential } from '@azure/identity';
import { SubscriptionClient } from '@azure/arm-resources-subscriptions';
import { all } from './calls.mjs';

/** How the clients reach the server, and the subscriptions that the sample estate brings. */
export async function connect() {
  const { AZURE_AUTHORITY_HOST: endpoint, AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: id, AZURE_CLIENT_SECRET: secret, AZURE_SUBSCRIPTION_ID: own } = process.env;
  const credential = new ClientSecretCredential(tenant, id, secret, { authorityHost: endpoint, disableInstanceDiscovery: true });
  const options = { endpoint, retryOptions: { maxRetries: 2, maxRetryDelayInMs: 2000 } };
  const subscriptions = await all(new SubscriptionClient(credential, options).subscriptions.list());
  const production = subscriptions.find((s) => s.displayName === 'kh-production');
  if (!production) {
    throw new Error('The server has no sample estate; start it with --sample.');
  }

  return { endpoint, tenant, credential, options, own, estate: production.subscriptionId, group: 'bartizan', workspace: 'bartizan', clientId: id };
}
