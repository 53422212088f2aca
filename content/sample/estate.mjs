// About 300 resources: two Azure subscriptions, an AWS account, a Google Cloud project, ten machines. Well kept and badly kept ones.
import { aws, gcp, machines, subscriptions, tenant } from './world.mjs';

const region = 'westeurope';

export function resources(r) {
  const out = [];
  const arm = (subscription, group, type, name, more = {}) => {
    const [namespace, ...kinds] = type.split('/');
    const names = name.split('/');
    const path = kinds.map((k, i) => `${k}/${names[i]}`).join('/');
    const id = `/subscriptions/${subscriptions[subscription].id}/resourceGroups/${group}/providers/${namespace}/${path}`;
    const resource = { id, name: names.at(-1), type, location: region, tags: more.tags ?? tags(subscription, group), ...more };
    out.push(resource);
    return resource;
  };
  const tags = (subscription, group) => ({
    environment: subscription, costCentre: group.slice(3).split('-')[0], ...(subscription === 'production' ? { owner: `${group.slice(3)}@kestrelharbour.example` } : {}),
  });

  for (const [key, s] of Object.entries(subscriptions)) {
    out.push({ id: `/subscriptions/${s.id}`, name: s.id, type: 'Microsoft.Resources/subscriptions', location: '', properties: { displayName: s.name, state: 'Enabled', tenantId: tenant } });
    for (const group of ['rg-web', 'rg-data', 'rg-network', 'rg-ops', ...(key === 'production' ? ['rg-erp', 'rg-identity'] : ['rg-lab'])]) {
      out.push({ id: `/subscriptions/${s.id}/resourceGroups/${group}`, name: group, type: 'Microsoft.Resources/subscriptions/resourceGroups', location: region, tags: tags(key, group), properties: { provisioningState: 'Succeeded' } });
    }
  }

  network(arm, r);
  storage(arm, r);
  databases(arm, r);
  vaults(arm, r);
  compute(arm, r);
  apps(arm, r);
  clusters(arm, r);
  identities(arm, r);
  roles(out, r);
  hybrid(arm, r);
  amazon(out, r);
  google(out, r);
  return out;
}

const good = (r, subscription) => r.chance(subscription === 'production' ? 0.72 : 0.4);

function network(arm, r) {
  const rule = (name, priority, port, source, access = 'Allow') => ({
    name, properties: { priority, direction: 'Inbound', access, protocol: 'Tcp', sourceAddressPrefix: source, sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: port },
  });
  for (const subscription of ['production', 'development']) {
    const groups = subscription === 'production'
      ? { 'nsg-web': [rule('https', 100, '443', 'Internet')], 'nsg-data': [rule('sql', 110, '1433', 'VirtualNetwork')], 'nsg-jump': [rule('rdp', 100, '3389', '*'), rule('ssh', 110, '22', '10.20.0.0/16')], 'nsg-erp': [rule('https', 100, '443', '10.20.0.0/16')] }
      : { 'nsg-lab': [rule('ssh', 100, '22', 'Internet'), rule('all', 400, '*', '*')], 'nsg-web': [rule('https', 100, '443', '*')] };
    for (const [name, securityRules] of Object.entries(groups)) {
      arm(subscription, 'rg-network', 'Microsoft.Network/networkSecurityGroups', name, { properties: { provisioningState: 'Succeeded', securityRules } });
    }
    const subnets = (subscription === 'production' ? ['web', 'data', 'erp', 'jump'] : ['web', 'lab']).map((name, i) => ({
      name, properties: {
        addressPrefix: `10.20.${i + 1}.0/24`, serviceEndpoints: name === 'data' ? [{ service: 'Microsoft.Storage' }] : [],
        ...(name === 'jump' && subscription === 'production' ? {} : { networkSecurityGroup: { id: `/subscriptions/${subscriptions[subscription].id}/resourceGroups/rg-network/providers/Microsoft.Network/networkSecurityGroups/nsg-${name}` } }),
      },
    }));
    arm(subscription, 'rg-network', 'Microsoft.Network/virtualNetworks', 'vnet-hub', { properties: { addressSpace: { addressPrefixes: ['10.20.0.0/16'] }, enableDdosProtection: false, subnets } });
    for (let i = 1; i <= 3; i++) {
      arm(subscription, 'rg-network', 'Microsoft.Network/publicIPAddresses', `pip-${subscription.slice(0, 4)}-${i}`, { sku: { name: 'Standard' }, properties: { publicIPAllocationMethod: 'Static', ipAddress: `192.0.2.${100 + i + (subscription === 'production' ? 0 : 20)}` } });
    }
    arm(subscription, 'rg-network', 'Microsoft.Network/applicationGateways', `agw-${subscription.slice(0, 4)}`, { properties: { sku: { name: 'WAF_v2', tier: 'WAF_v2' }, webApplicationFirewallConfiguration: { enabled: subscription === 'production', firewallMode: subscription === 'production' ? 'Prevention' : 'Detection' } } });
  }
}

function storage(arm, r) {
  const names = { production: ['khinvoices', 'khberths', 'khbackups', 'khtelemetry', 'khpublicweb', 'kherpexports', 'khlogs', 'khcontracts', 'khmanifests', 'khpayroll'], development: ['khlabdata', 'khdevweb', 'khdevlogs', 'khscratch', 'khtraining', 'khdevmedia'] };
  for (const [subscription, list] of Object.entries(names)) {
    for (const name of list) {
      const kept = good(r, subscription);
      const open = name.includes('public') || name === 'khscratch';
      const account = arm(subscription, name.includes('erp') && subscription === 'production' ? 'rg-erp' : 'rg-data', 'Microsoft.Storage/storageAccounts', name, {
        kind: 'StorageV2', sku: { name: r.pick(['Standard_LRS', 'Standard_GRS', 'Standard_ZRS']), tier: 'Standard' },
        properties: {
          supportsHttpsTrafficOnly: kept || r.chance(0.6), minimumTlsVersion: kept ? 'TLS1_2' : r.pick(['TLS1_0', 'TLS1_1', 'TLS1_2']), allowBlobPublicAccess: open || !kept && r.chance(0.5),
          allowSharedKeyAccess: !(kept && r.chance(0.4)), publicNetworkAccess: kept && !open ? 'Disabled' : 'Enabled',
          networkAcls: { bypass: 'AzureServices', defaultAction: kept && !open ? 'Deny' : 'Allow', ipRules: [], virtualNetworkRules: [] },
          encryption: { keySource: r.chance(0.2) ? 'Microsoft.Keyvault' : 'Microsoft.Storage', requireInfrastructureEncryption: kept && r.chance(0.5), services: { blob: { enabled: true }, file: { enabled: true } } },
          privateEndpointConnections: kept && r.chance(0.6) ? [{ id: `${name}-pe`, properties: { privateLinkServiceConnectionState: { status: 'Approved' } } }] : [],
          primaryLocation: region, statusOfPrimary: 'available', provisioningState: 'Succeeded',
        },
      });
      const [group] = account.id.split('/').slice(4, 5);
      arm(subscription, group, 'Microsoft.Storage/storageAccounts/blobServices', `${name}/default`, { tags: {}, properties: { deleteRetentionPolicy: { enabled: kept, ...(kept ? { days: 14 } : {}) }, containerDeleteRetentionPolicy: { enabled: kept, ...(kept ? { days: 7 } : {}) }, isVersioningEnabled: kept } });
    }
  }
}

function databases(arm, r) {
  const servers = { production: ['sql-erp', 'sql-berths', 'sql-billing'], development: ['sql-dev'] };
  for (const [subscription, list] of Object.entries(servers)) {
    for (const name of list) {
      const kept = good(r, subscription);
      const group = name === 'sql-erp' ? 'rg-erp' : 'rg-data';
      arm(subscription, group, 'Microsoft.Sql/servers', name, {
        kind: 'v12.0', properties: {
          administratorLogin: 'sqladmin', version: '12.0', state: 'Ready', minimalTlsVersion: kept ? '1.2' : 'None', publicNetworkAccess: kept ? 'Disabled' : 'Enabled',
          privateEndpointConnections: kept ? [{ properties: { privateLinkServiceConnectionState: { status: 'Approved' }, provisioningState: 'Ready' } }] : [],
          ...(kept ? { administrators: { administratorType: 'ActiveDirectory', azureADOnlyAuthentication: r.chance(0.5), login: 'sql-administrators', principalType: 'Group', sid: r.guid(), tenantId: tenant } } : {}),
        },
      });
      arm(subscription, group, 'Microsoft.Sql/servers/auditingSettings', `${name}/Default`, { tags: {}, properties: { state: kept ? 'Enabled' : 'Disabled', retentionDays: kept ? 120 : 0, isAzureMonitorTargetEnabled: kept } });
      arm(subscription, group, 'Microsoft.Sql/servers/securityAlertPolicies', `${name}/Default`, { tags: {}, properties: { state: kept || r.chance(0.3) ? 'Enabled' : 'Disabled', emailAccountAdmins: kept } });
      if (kept) arm(subscription, group, 'Microsoft.Sql/servers/administrators', `${name}/ActiveDirectory`, { tags: {}, properties: { administratorType: 'ActiveDirectory', login: 'sql-administrators', sid: r.guid(), tenantId: tenant } });
      arm(subscription, group, 'Microsoft.Sql/servers/vulnerabilityAssessments', `${name}/default`, { tags: {}, properties: { recurringScans: { isEnabled: kept, emailSubscriptionAdmins: kept }, ...(kept ? { storageContainerPath: 'https://khlogs.blob.example/va' } : {}) } });
      if (!kept) arm(subscription, group, 'Microsoft.Sql/servers/firewallRules', `${name}/everyone`, { tags: {}, properties: { startIpAddress: '0.0.0.0', endIpAddress: '255.255.255.255' } });
      for (const database of ['main', 'reports']) {
        arm(subscription, group, 'Microsoft.Sql/servers/databases', `${name}/${database}`, { sku: { name: 'GP_Gen5', tier: 'GeneralPurpose', capacity: 2 }, kind: 'v12.0,user,vcore', properties: { status: 'Online', collation: 'SQL_Latin1_General_CP1_CI_AS', zoneRedundant: kept } });
        arm(subscription, group, 'Microsoft.Sql/servers/databases/transparentDataEncryption', `${name}/${database}/current`, { tags: {}, properties: { state: kept || r.chance(0.7) ? 'Enabled' : 'Disabled' } });
      }
    }
  }
  for (const [subscription, type, name] of [['production', 'Microsoft.DBforPostgreSQL/flexibleServers', 'pg-berths'], ['development', 'Microsoft.DBforPostgreSQL/servers', 'pg-dev'], ['production', 'Microsoft.DBforMySQL/servers', 'my-shop'], ['production', 'Microsoft.DocumentDB/databaseAccounts', 'cosmos-telemetry'], ['production', 'Microsoft.Cache/Redis', 'redis-sessions'], ['development', 'Microsoft.Cache/Redis', 'redis-dev']]) {
    const kept = good(r, subscription);
    arm(subscription, 'rg-data', type, name, {
      properties: type.endsWith('Redis') ? { enableNonSslPort: !kept, minimumTlsVersion: kept ? '1.2' : '1.0', publicNetworkAccess: kept ? 'Disabled' : 'Enabled', sku: { name: 'Standard', family: 'C', capacity: 1 } }
        : type.includes('DocumentDB') ? { publicNetworkAccess: 'Enabled', isVirtualNetworkFilterEnabled: kept, ipRules: kept ? [{ ipAddressOrRange: '192.0.2.10' }] : [], disableLocalAuth: false, virtualNetworkRules: [] }
          : { sslEnforcement: kept ? 'Enabled' : 'Disabled', minimalTlsVersion: kept ? 'TLS1_2' : 'TLSEnforcementDisabled', publicNetworkAccess: kept ? 'Disabled' : 'Enabled', storageProfile: { geoRedundantBackup: kept ? 'Enabled' : 'Disabled', backupRetentionDays: 7 }, backup: { geoRedundantBackup: kept ? 'Enabled' : 'Disabled', backupRetentionDays: 7 } },
    });
  }
}

function vaults(arm, r) {
  for (const [subscription, group, name] of [['production', 'rg-erp', 'kv-erp'], ['production', 'rg-web', 'kv-web'], ['production', 'rg-ops', 'kv-ops'], ['production', 'rg-identity', 'kv-signing'], ['development', 'rg-lab', 'kv-lab'], ['development', 'rg-web', 'kv-dev']]) {
    const kept = good(r, subscription);
    arm(subscription, group, 'Microsoft.KeyVault/vaults', name, { properties: { tenantId: tenant, sku: { family: 'A', name: 'standard' }, enableSoftDelete: true, ...(kept ? { enablePurgeProtection: true } : {}), enableRbacAuthorization: kept, publicNetworkAccess: kept ? 'Disabled' : 'Enabled', networkAcls: { bypass: 'AzureServices', defaultAction: kept ? 'Deny' : 'Allow' }, accessPolicies: [], privateEndpointConnections: kept ? [{ properties: { privateLinkServiceConnectionState: { status: 'Approved' } } }] : [], createMode: 'default' } });
    for (const key of ['signing', 'wrap']) {
      arm(subscription, group, 'Microsoft.KeyVault/vaults/keys', `${name}/${key}`, { tags: {}, properties: { kty: r.pick(['RSA', 'RSA', 'EC']), keySize: kept ? 3072 : 2048, attributes: { enabled: true, created: 1735689600, ...(kept ? { exp: 1830297600 } : {}) } } });
    }
    if (kept) arm(subscription, group, 'Microsoft.Insights/diagnosticSettings', 'to-workspace', { tags: {}, id: `/subscriptions/${subscriptions[subscription].id}/resourceGroups/${group}/providers/Microsoft.KeyVault/vaults/${name}/providers/Microsoft.Insights/diagnosticSettings/to-workspace`, properties: { workspaceId: `/subscriptions/${subscriptions.production.id}/resourceGroups/rg-ops/providers/Microsoft.OperationalInsights/workspaces/law-kh`, logs: [{ category: 'AuditEvent', enabled: true, retentionPolicy: { enabled: true, days: 365 } }] } });
  }
}

function compute(arm, r) {
  const list = [
    ['production', 'rg-web', 'vm-portal-1', 'linux'], ['production', 'rg-web', 'vm-portal-2', 'linux'], ['production', 'rg-erp', 'vm-erp-app', 'windows'], ['production', 'rg-erp', 'vm-erp-batch', 'windows'],
    ['production', 'rg-ops', 'vm-monitor', 'linux'], ['production', 'rg-ops', 'vm-backup', 'windows'], ['production', 'rg-data', 'vm-etl', 'linux'], ['production', 'rg-network', 'vm-nva', 'linux'],
    ['development', 'rg-lab', 'vm-lab-1', 'linux'], ['development', 'rg-lab', 'vm-lab-2', 'linux'], ['development', 'rg-lab', 'vm-lab-win', 'windows'], ['development', 'rg-web', 'vm-dev-web', 'linux'],
  ];
  for (const [subscription, group, name, system] of list) {
    const kept = good(r, subscription);
    const base = `/subscriptions/${subscriptions[subscription].id}/resourceGroups/${group}/providers`;
    arm(subscription, group, 'Microsoft.Network/networkInterfaces', `${name}-nic`, { properties: { enableIPForwarding: name === 'vm-nva' || !kept && r.chance(0.3), ipConfigurations: [{ name: 'primary', properties: { privateIPAllocationMethod: 'Dynamic', subnet: { id: `/subscriptions/${subscriptions[subscription].id}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-hub/subnets/web` }, ...(kept ? {} : { publicIPAddress: { id: `${base}/Microsoft.Network/publicIPAddresses/${name}-pip` } }) } }], ...(kept ? { networkSecurityGroup: { id: `/subscriptions/${subscriptions[subscription].id}/resourceGroups/rg-network/providers/Microsoft.Network/networkSecurityGroups/nsg-web` } } : {}), virtualMachine: { id: `${base}/Microsoft.Compute/virtualMachines/${name}` } } });
    arm(subscription, group, 'Microsoft.Compute/disks', `${name}-os`, { sku: { name: 'Premium_LRS' }, managedBy: `${base}/Microsoft.Compute/virtualMachines/${name}`, properties: { diskState: 'Attached', diskSizeGB: 128, osType: system === 'linux' ? 'Linux' : 'Windows', encryption: { type: kept && r.chance(0.4) ? 'EncryptionAtRestWithCustomerKey' : 'EncryptionAtRestWithPlatformKey' }, networkAccessPolicy: kept ? 'DenyAll' : 'AllowAll', publicNetworkAccess: kept ? 'Disabled' : 'Enabled' } });
    arm(subscription, group, 'Microsoft.Compute/virtualMachines', name, {
      ...(kept ? { identity: { type: 'SystemAssigned', principalId: r.guid(), tenantId: tenant } } : {}),
      properties: {
        hardwareProfile: { vmSize: r.pick(['Standard_D4s_v5', 'Standard_B2ms', 'Standard_E4s_v5']) },
        securityProfile: kept ? { securityType: 'TrustedLaunch', encryptionAtHost: true, uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } } : {},
        storageProfile: { imageReference: system === 'linux' ? { publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2', version: 'latest' } : { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku: kept ? '2022-datacenter-g2' : '2016-Datacenter', version: 'latest' }, osDisk: { osType: system === 'linux' ? 'Linux' : 'Windows', name: `${name}-os`, managedDisk: { storageAccountType: 'Premium_LRS', id: `${base}/Microsoft.Compute/disks/${name}-os` } }, dataDisks: [] },
        osProfile: system === 'linux' ? { computerName: name, adminUsername: 'operator', linuxConfiguration: { disablePasswordAuthentication: kept, provisionVMAgent: true, patchSettings: { patchMode: 'ImageDefault', assessmentMode: kept ? 'AutomaticByPlatform' : 'ImageDefault' } } } : { computerName: name, adminUsername: 'operator', windowsConfiguration: { provisionVMAgent: true, enableAutomaticUpdates: kept, patchSettings: { patchMode: 'AutomaticByOS', assessmentMode: kept ? 'AutomaticByPlatform' : 'ImageDefault' } } },
        networkProfile: { networkInterfaces: [{ id: `${base}/Microsoft.Network/networkInterfaces/${name}-nic` }] }, provisioningState: 'Succeeded',
      },
    });
    const extensions = kept ? [system === 'linux' ? 'AzureMonitorLinuxAgent' : 'AzureMonitorWindowsAgent', system === 'linux' ? 'ConfigurationforLinux' : 'ConfigurationforWindows'] : [];
    for (const type of extensions) {
      arm(subscription, group, 'Microsoft.Compute/virtualMachines/extensions', `${name}/${type}`, { tags: {}, properties: { publisher: type.startsWith('Config') ? 'Microsoft.GuestConfiguration' : 'Microsoft.Azure.Monitor', type, typeHandlerVersion: '1.0', autoUpgradeMinorVersion: true, provisioningState: 'Succeeded' } });
    }
  }
  arm('development', 'rg-lab', 'Microsoft.Compute/disks', 'forgotten-data', { sku: { name: 'Standard_LRS' }, properties: { diskState: 'Unattached', diskSizeGB: 512, encryption: { type: 'EncryptionAtRestWithPlatformKey' }, networkAccessPolicy: 'AllowAll', publicNetworkAccess: 'Enabled' } });
  arm('production', 'rg-web', 'Microsoft.Compute/virtualMachineScaleSets', 'vmss-shop', { sku: { name: 'Standard_D2s_v5', capacity: 3 }, properties: { orchestrationMode: 'Uniform', virtualMachineProfile: { storageProfile: { osDisk: { osType: 'Linux' }, imageReference: { publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2', version: 'latest' } }, osProfile: { linuxConfiguration: { disablePasswordAuthentication: true } }, securityProfile: { encryptionAtHost: false }, networkProfile: { networkInterfaceConfigurations: [] }, extensionProfile: { extensions: [] } } } });
}

function apps(arm, r) {
  for (const [subscription, name, kind] of [['production', 'app-shop', 'app'], ['production', 'app-berths', 'app'], ['production', 'app-invoices', 'app'], ['production', 'func-manifests', 'functionapp'], ['production', 'api-partners', 'api'], ['development', 'app-dev', 'app'], ['development', 'func-dev', 'functionapp']]) {
    const kept = good(r, subscription);
    arm(subscription, 'rg-web', 'Microsoft.Web/sites', name, { kind, ...(kept ? { identity: { type: 'SystemAssigned', principalId: r.guid(), tenantId: tenant } } : {}), properties: { state: 'Running', httpsOnly: kept || r.chance(0.4), clientCertEnabled: kept && r.chance(0.4), clientCertMode: 'Required', publicNetworkAccess: kept && r.chance(0.5) ? 'Disabled' : 'Enabled', hostNames: [`${name}.kestrelharbour.example`], siteConfig: {} } });
    arm(subscription, 'rg-web', 'Microsoft.Web/sites/config', `${name}/web`, { tags: {}, properties: { minTlsVersion: kept ? '1.2' : r.pick(['1.0', '1.1', '1.2']), ftpsState: kept ? r.pick(['FtpsOnly', 'Disabled']) : 'AllAllowed', remoteDebuggingEnabled: !kept && r.chance(0.5), http20Enabled: kept, cors: { allowedOrigins: kept ? ['https://kestrelharbour.example'] : ['*'] }, detailedErrorLoggingEnabled: kept, httpLoggingEnabled: kept, requestTracingEnabled: kept, scmMinTlsVersion: kept ? '1.2' : '1.0' } });
  }
  arm('production', 'rg-web', 'Microsoft.ApiManagement/service', 'apim-partners', { sku: { name: 'Developer', capacity: 1 }, properties: { virtualNetworkType: 'None', publicNetworkAccess: 'Enabled' } });
}

function clusters(arm, r) {
  for (const [subscription, name] of [['production', 'aks-core'], ['development', 'aks-dev']]) {
    const kept = subscription === 'production';
    arm(subscription, 'rg-web', 'Microsoft.ContainerService/managedClusters', name, { identity: { type: 'SystemAssigned', principalId: r.guid(), tenantId: tenant }, properties: { kubernetesVersion: kept ? '1.31.2' : '1.24.9', enableRBAC: kept, disableLocalAccounts: kept, apiServerAccessProfile: kept ? { authorizedIPRanges: ['192.0.2.0/24'], enablePrivateCluster: false } : {}, addonProfiles: { azurepolicy: { enabled: kept }, omsagent: { enabled: true } }, networkProfile: { networkPlugin: 'azure', ...(kept ? { networkPolicy: 'calico' } : {}) }, ...(kept ? { aadProfile: { managed: true, enableAzureRBAC: true }, securityProfile: { defender: { securityMonitoring: { enabled: true } } } } : {}), agentPoolProfiles: [{ name: 'system', count: 3, vmSize: 'Standard_D4s_v5', osType: 'Linux', enableEncryptionAtHost: kept }] } });
    arm(subscription, 'rg-web', 'Microsoft.ContainerRegistry/registries', `acrkh${subscription.slice(0, 4)}`, { sku: { name: kept ? 'Premium' : 'Basic', tier: kept ? 'Premium' : 'Basic' }, properties: { adminUserEnabled: !kept, publicNetworkAccess: kept ? 'Disabled' : 'Enabled', networkRuleSet: { defaultAction: kept ? 'Deny' : 'Allow', ipRules: [] }, anonymousPullEnabled: !kept, encryption: { status: 'disabled' } } });
  }
}

function identities(arm, r) {
  for (const name of ['id-web', 'id-etl', 'id-aks']) arm('production', 'rg-identity', 'Microsoft.ManagedIdentity/userAssignedIdentities', name, { properties: { tenantId: tenant, principalId: r.guid(), clientId: r.guid() } });
  arm('production', 'rg-ops', 'Microsoft.OperationalInsights/workspaces', 'law-kh', { properties: { sku: { name: 'PerGB2018' }, retentionInDays: 90, customerId: r.guid() } });
  arm('production', 'rg-ops', 'Microsoft.Automation/automationAccounts', 'aa-ops', { properties: { publicNetworkAccess: true, sku: { name: 'Basic' } } });
  arm('production', 'rg-ops', 'Microsoft.Automation/automationAccounts/variables', 'aa-ops/ServiceToken', { tags: {}, properties: { isEncrypted: false } });
  arm('production', 'rg-ops', 'Microsoft.ServiceBus/namespaces', 'sb-berths', { sku: { name: 'Standard', tier: 'Standard' }, properties: { minimumTlsVersion: '1.0', disableLocalAuth: false, publicNetworkAccess: 'Enabled' } });
  arm('production', 'rg-ops', 'Microsoft.EventHub/namespaces', 'eh-telemetry', { sku: { name: 'Standard', tier: 'Standard' }, properties: { minimumTlsVersion: '1.2', disableLocalAuth: true, publicNetworkAccess: 'Enabled' } });
}

// Role assignments stand at the subscription, not in a group.
function roles(out, r) {
  const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
  for (const [key, s] of Object.entries(subscriptions)) {
    for (let i = 0; i < (key === 'production' ? 2 : 5); i++) {
      const name = r.guid();
      out.push({ id: `/subscriptions/${s.id}/providers/Microsoft.Authorization/roleAssignments/${name}`, name, type: 'Microsoft.Authorization/roleAssignments', properties: { roleDefinitionId: `/subscriptions/${s.id}/providers/Microsoft.Authorization/roleDefinitions/${owner}`, principalId: r.guid(), principalType: 'User', scope: `/subscriptions/${s.id}` } });
    }
  }
}

function hybrid(arm, r) {
  for (const m of machines) {
    const kept = r.chance(0.6);
    arm('production', 'rg-ops', 'Microsoft.HybridCompute/machines', m.name, { kind: 'OnPremises', tags: { role: m.role, site: 'harbour' }, identity: { type: 'SystemAssigned', principalId: r.guid(), tenantId: tenant }, properties: { osType: m.system, osName: m.system, osSku: m.system === 'windows' ? 'Windows Server 2019 Datacenter' : 'Debian GNU/Linux 12', status: kept ? 'Connected' : r.pick(['Connected', 'Disconnected']), machineFqdn: m.fqdn, dnsFqdn: m.fqdn, displayName: m.name, agentVersion: kept ? '1.48' : '1.21', domainName: 'kestrelharbour.example' } });
    if (kept) arm('production', 'rg-ops', 'Microsoft.HybridCompute/machines/extensions', `${m.name}/${m.system === 'windows' ? 'AzureMonitorWindowsAgent' : 'AzureMonitorLinuxAgent'}`, { tags: {}, properties: { publisher: 'Microsoft.Azure.Monitor', type: m.system === 'windows' ? 'AzureMonitorWindowsAgent' : 'AzureMonitorLinuxAgent', provisioningState: 'Succeeded' } });
  }
}

function amazon(out, r) {
  const add = (type, name, properties, region = aws.region) => out.push({ environment: 'Aws', accountId: aws.account, region, type, name, record: properties });
  for (const bucket of ['kh-invoices-archive', 'kh-web-assets', 'kh-cloudtrail', 'kh-ml-training', 'kh-backups-dr', 'kh-shared-drop', 'kh-logs-eu', 'kh-terraform-state']) {
    const kept = r.chance(0.6);
    add('AWS::S3::Bucket', bucket, { BucketName: bucket, ...(kept ? { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }] }, VersioningConfiguration: { Status: 'Enabled' }, LoggingConfiguration: { DestinationBucketName: 'kh-logs-eu' } } : {}), PublicAccessBlockConfiguration: { BlockPublicAcls: kept, BlockPublicPolicy: kept, IgnorePublicAcls: kept, RestrictPublicBuckets: kept } });
  }
  for (let i = 1; i <= 9; i++) {
    const kept = r.chance(0.6);
    const id = `i-0${r.hex(16)}`;
    add('AWS::EC2::Instance', id, { InstanceId: id, InstanceType: r.pick(['t3.medium', 'm6i.large', 'c6i.xlarge']), ImageId: `ami-0${r.hex(16)}`, MetadataOptions: { HttpTokens: kept ? 'required' : 'optional' }, PublicIpAddress: kept ? undefined : `198.51.100.${40 + i}`, Monitoring: kept, Tags: [{ Key: 'Name', Value: `kh-worker-${i}` }] });
    add('AWS::EC2::Volume', `vol-0${r.hex(16)}`, { Encrypted: kept, Size: 100, VolumeType: 'gp3' });
  }
  for (const [name, port, source] of [['sg-web', 443, '0.0.0.0/0'], ['sg-ssh-open', 22, '0.0.0.0/0'], ['sg-db', 5432, '10.30.0.0/16'], ['sg-rdp-office', 3389, '192.0.2.0/24'], ['sg-any', -1, '0.0.0.0/0']]) {
    add('AWS::EC2::SecurityGroup', name, { GroupName: name, GroupDescription: name, SecurityGroupIngress: [{ IpProtocol: port < 0 ? '-1' : 'tcp', ...(port < 0 ? {} : { FromPort: port, ToPort: port }), CidrIp: source }] });
  }
  for (const name of ['kh-orders', 'kh-analytics', 'kh-legacy']) {
    const kept = r.chance(0.5);
    add('AWS::RDS::DBInstance', name, { DBInstanceIdentifier: name, Engine: 'postgres', StorageEncrypted: kept, PubliclyAccessible: !kept, MultiAZ: kept, BackupRetentionPeriod: kept ? 14 : 0, DeletionProtection: kept, AutoMinorVersionUpgrade: true });
  }
  for (const [name, age] of [['ci-deployer', 412], ['report-export', 31], ['legacy-sync', 903], ['auditor', 12]]) {
    add('AWS::IAM::User', name, { UserName: name, Groups: [], Policies: name === 'legacy-sync' ? [{ PolicyName: 'everything', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } }] : [], AccessKeyAgeInDays: age, MfaEnabled: name === 'auditor' }, 'global');
  }
  for (const name of ['kh-lambda-exec', 'kh-eks-node', 'kh-admin-break-glass']) add('AWS::IAM::Role', name, { RoleName: name, AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] } }, 'global');
  add('AWS::CloudTrail::Trail', 'kh-organisation', { TrailName: 'kh-organisation', IsMultiRegionTrail: true, IsLogging: true, EnableLogFileValidation: true, S3BucketName: 'kh-cloudtrail', KMSKeyId: `arn:aws:kms:${aws.region}:${aws.account}:key/${r.guid()}` });
  add('AWS::EKS::Cluster', 'kh-batch', { Name: 'kh-batch', Version: '1.29', ResourcesVpcConfig: { EndpointPublicAccess: true, PublicAccessCidrs: ['0.0.0.0/0'], EndpointPrivateAccess: false }, Logging: {} });
  for (const name of ['resize-images', 'ship-manifests', 'nightly-report', 'legacy-hook']) add('AWS::Lambda::Function', name, { FunctionName: name, Runtime: name === 'legacy-hook' ? 'python3.8' : 'python3.13', Handler: 'index.handler', TracingConfig: { Mode: r.chance(0.5) ? 'Active' : 'PassThrough' } });
  for (let i = 0; i < 3; i++) add('AWS::KMS::Key', r.guid(), { EnableKeyRotation: r.chance(0.5), KeySpec: 'SYMMETRIC_DEFAULT' });
}

function google(out, r) {
  const add = (type, name, data, location = gcp.region) => out.push({ environment: 'Gcp', accountId: gcp.project, region: location, type, name, record: { name: `//${type.split('/')[0]}/projects/${gcp.project}/${name}`, assetType: type, resource: { data } } });
  for (const bucket of ['kh-datalake', 'kh-exports', 'kh-public-maps', 'kh-model-store', 'kh-audit-sink']) {
    const kept = r.chance(0.6);
    add('storage.googleapis.com/Bucket', bucket, { iamConfiguration: { uniformBucketLevelAccess: { enabled: kept }, publicAccessPrevention: kept ? 'enforced' : 'inherited' }, versioning: { enabled: kept }, location: 'EU', ...(kept ? { logging: { logBucket: 'kh-audit-sink' } } : {}) });
  }
  for (let i = 1; i <= 7; i++) {
    const kept = r.chance(0.6);
    add('compute.googleapis.com/Instance', `gce-${i}`, { machineType: 'e2-standard-4', status: 'RUNNING', shieldedInstanceConfig: { enableSecureBoot: kept, enableVtpm: true, enableIntegrityMonitoring: kept }, canIpForward: !kept, serviceAccounts: [{ email: kept ? `worker@${gcp.project}.iam.gserviceaccount.com` : `${gcp.number}-compute@developer.gserviceaccount.com`, scopes: kept ? ['https://www.googleapis.com/auth/logging.write'] : ['https://www.googleapis.com/auth/cloud-platform'] }], networkInterfaces: [{ network: 'default', ...(kept ? {} : { accessConfigs: [{ type: 'ONE_TO_ONE_NAT' }] }) }] });
  }
  for (const [name, ranges, port] of [['allow-ssh-any', ['0.0.0.0/0'], '22'], ['allow-https', ['0.0.0.0/0'], '443'], ['allow-internal', ['10.40.0.0/16'], '0-65535'], ['allow-rdp-any', ['0.0.0.0/0'], '3389']]) {
    add('compute.googleapis.com/Firewall', name, { direction: 'INGRESS', disabled: false, sourceRanges: ranges, allowed: [{ IPProtocol: 'tcp', ports: [port] }], logConfig: { enable: false } }, 'global');
  }
  for (const name of ['sql-fleet', 'sql-reporting']) {
    const kept = r.chance(0.5);
    add('sqladmin.googleapis.com/Instance', name, { databaseVersion: 'POSTGRES_15', settings: { ipConfiguration: { ipv4Enabled: !kept, requireSsl: kept, authorizedNetworks: kept ? [] : [{ value: '0.0.0.0/0' }] }, backupConfiguration: { enabled: kept } } });
  }
  for (const name of ['worker', 'exporter', 'ci']) add('iam.googleapis.com/ServiceAccount', name, { email: `${name}@${gcp.project}.iam.gserviceaccount.com`, disabled: false }, 'global');
  for (const name of ['telemetry', 'billing', 'fleet', 'staging']) add('bigquery.googleapis.com/Dataset', name, { access: name === 'staging' ? [{ role: 'READER', specialGroup: 'allAuthenticatedUsers' }] : [{ role: 'OWNER', specialGroup: 'projectOwners' }], defaultEncryptionConfiguration: name === 'billing' ? { kmsKeyName: 'projects/kh/locations/eu/keyRings/main/cryptoKeys/billing' } : undefined }, 'EU');
  add('container.googleapis.com/Cluster', 'gke-fleet', { legacyAbac: { enabled: false }, masterAuthorizedNetworksConfig: { enabled: false }, privateClusterConfig: { enablePrivateNodes: true }, networkPolicy: { enabled: false }, releaseChannel: { channel: 'REGULAR' } });
  add('cloudkms.googleapis.com/CryptoKey', 'billing', { purpose: 'ENCRYPT_DECRYPT', rotationPeriod: '7776000s' }, 'eu');
}
