// One ordinary day in eight tables, with one intrusion in five stages told among it (see intrusion.mjs).
import { at, aws, domain, intruder, machines, offices, people, subscriptions, tenant } from './world.mjs';
import { intrusion } from './intrusion.mjs';

export function events(r) {
  const day = { SigninLogs: [], AuditLogs: [], AzureActivity: [], OfficeActivity: [], SecurityEvent: [], Syslog: [], CommonSecurityLog: [], AWSCloudTrail: [] };
  signIns(day, r);
  directory(day, r);
  activity(day, r);
  office(day, r);
  windows(day, r);
  linux(day, r);
  firewall(day, r);
  trail(day, r);
  intrusion(day, r);
  return day;
}

// People work from seven to six; nights are quiet, machines never sleep.
const workMinute = r => {
  const hour = r.chance(0.92) ? 7 + Math.floor((r.next() + r.next()) / 2 * 11) : r.int(0, 23);
  return hour * 60 + r.int(0, 59);
};
const moment = (r, minute = workMinute(r)) => at(minute, r.int(0, 59), r.int(0, 999));
const around = (r, minutes) => r.int(0, minutes - 1);

export const signIn = (r, time, person, place, { app = 'Office 365 Exchange Online', result = '0', description = '', agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/133.0', mfa = true } = {}) => ({
  TimeGenerated: time, CreatedDateTime: time, Id: r.guid(), CorrelationId: r.guid(), OperationName: 'Sign-in activity', Category: 'SignInLogs', ResultType: result, ResultDescription: description,
  Identity: person.name, UserDisplayName: person.name, UserPrincipalName: person.upn, UserId: person.id, AppDisplayName: app, AppId: '00000002-0000-0ff1-ce00-000000000000', ClientAppUsed: 'Browser', IPAddress: place.address,
  Location: place.country, LocationDetails: { city: place.city, countryOrRegion: place.country, geoCoordinates: { latitude: place.latitude, longitude: place.longitude } },
  Status: { errorCode: Number(result), failureReason: description || 'None' }, DeviceDetail: { operatingSystem: 'Windows10', browser: 'Edge 133', displayName: person.workstation },
  AuthenticationRequirement: mfa ? 'multiFactorAuthentication' : 'singleFactorAuthentication', ConditionalAccessStatus: mfa ? 'success' : 'notApplied', IsInteractive: true, RiskLevelDuringSignIn: 'none', RiskState: 'none', UserAgent: agent, UserType: 'Member',
  AADTenantId: tenant, ResourceDisplayName: app, ResourceTenantId: tenant,
});

function signIns(day, r) {
  for (const p of people) {
    const office = offices[p.department === 'Sales' && r.chance(0.5) ? 1 : 0];
    for (let i = 0, n = r.int(45, 90); i < n; i++) {
      const app = r.pick(['Office 365 Exchange Online', 'Microsoft Teams Services', 'SharePoint Online', 'Azure Portal', 'Harbour ERP', 'Windows Sign In']);
      day.SigninLogs.push(signIn(r, moment(r), p, office, { app }));
    }
    for (let i = 0, n = r.int(0, 3); i < n; i++) {
      day.SigninLogs.push(signIn(r, moment(r), p, office, { result: '50126', description: 'Error validating credentials due to invalid username or password.' }));
    }
    if (r.chance(0.4)) day.SigninLogs.push(signIn(r, moment(r), p, office, { result: '50074', description: 'Strong authentication is required.' }));
  }
}

export const audit = (r, time, operation, by, target, { category = 'UserManagement', modified = [], address = offices[0].address, type = 'User', targetId } = {}) => ({
  TimeGenerated: time, ActivityDateTime: time, ActivityDisplayName: operation, OperationName: operation, Category: category, AADOperationType: 'Update', LoggedByService: 'Core Directory', Result: 'success', ResultReason: '', CorrelationId: r.guid(), Id: `Directory_${r.hex(12)}`, AADTenantId: tenant,
  Identity: by.name, InitiatedBy: { user: { id: by.id, userPrincipalName: by.upn, displayName: by.name, ipAddress: address } },
  TargetResources: [{ id: targetId ?? r.guid(), displayName: target, type, userPrincipalName: type === 'User' ? target : null, modifiedProperties: modified }], AdditionalDetails: [],
});

function directory(day, r) {
  const it = people.at(-1);
  for (let i = 0; i < 60; i++) {
    const p = r.pick(people);
    const operation = r.pick(['Update user', 'Change user license', 'Reset user password', 'Add member to group', 'Update device', 'User registered security info']);
    const self = operation === 'User registered security info';
    day.AuditLogs.push(audit(r, moment(r), operation, self ? p : it, p.upn, { category: operation.includes('group') ? 'GroupManagement' : 'UserManagement' }));
  }
}

export const operation = (r, time, name, caller, id, { address = offices[0].address, subscription = subscriptions.production.id, status = 'Success', level = 'Informational', properties = {} } = {}) => ({
  TimeGenerated: time, OperationNameValue: name, OperationName: name, Caller: caller, CallerIpAddress: address, CategoryValue: 'Administrative', Category: 'Administrative', ActivityStatusValue: status, ActivityStatus: status, ActivitySubstatusValue: status === 'Success' ? 'OK' : '', Level: level,
  CorrelationId: r.guid(), EventDataId: r.guid(), OperationId: r.guid(), SubscriptionId: subscription, ResourceGroup: /resourceGroups\/([^/]+)/.exec(id)?.[1] ?? '', ResourceProviderValue: name.split('/')[0], Resource: id.split('/').at(-1), _ResourceId: id.toLowerCase(), ResourceId: id,
  Authorization_d: { action: name, scope: id }, Claims_d: { ipaddr: address }, Properties_d: properties, Properties: JSON.stringify(properties),
});

function activity(day, r) {
  const base = `/subscriptions/${subscriptions.production.id}/resourceGroups`;
  const what = [
    ['MICROSOFT.COMPUTE/VIRTUALMACHINES/START/ACTION', 'rg-ops/providers/Microsoft.Compute/virtualMachines/vm-monitor'], ['MICROSOFT.COMPUTE/VIRTUALMACHINES/DEALLOCATE/ACTION', 'rg-data/providers/Microsoft.Compute/virtualMachines/vm-etl'],
    ['MICROSOFT.WEB/SITES/WRITE', 'rg-web/providers/Microsoft.Web/sites/app-shop'], ['MICROSOFT.RESOURCES/DEPLOYMENTS/WRITE', 'rg-web/providers/Microsoft.Resources/deployments/release'], ['MICROSOFT.STORAGE/STORAGEACCOUNTS/WRITE', 'rg-data/providers/Microsoft.Storage/storageAccounts/khlogs'],
    ['MICROSOFT.INSIGHTS/DIAGNOSTICSETTINGS/WRITE', 'rg-web/providers/Microsoft.KeyVault/vaults/kv-web'], ['MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/WRITE', 'rg-web/providers/Microsoft.ContainerService/managedClusters/aks-core'],
  ];
  const callers = people.filter(p => ['Engineering', 'IT'].includes(p.department)).map(p => p.upn).concat('f1d3c2b4-77aa-4c11-9d0e-5b6a7c8d9e0f');
  for (let i = 0; i < 260; i++) {
    const [name, id] = r.pick(what);
    day.AzureActivity.push(operation(r, moment(r), name, r.pick(callers), `${base}/${id}`, { status: r.chance(0.97) ? 'Success' : 'Failure' }));
  }
}

export const mail = (r, time, name, person, address, more = {}) => ({
  TimeGenerated: time, RecordType: 'ExchangeItem', Operation: name, OfficeWorkload: 'Exchange', UserId: person.upn, UserKey: person.id, UserType: 'Regular', ClientIP: address, Client_IPAddress: address, ResultStatus: 'Succeeded', OrganizationId: tenant, MailboxOwnerUPN: person.upn, OfficeId: r.guid(), ...more,
});

function office(day, r) {
  for (const p of people) {
    const address = offices[p.department === 'Sales' ? 1 : 0].address;
    for (let i = 0, n = r.int(70, 130); i < n; i++) {
      if (r.chance(0.45)) {
        day.OfficeActivity.push(mail(r, moment(r), r.pick(['MailItemsAccessed', 'Send', 'MoveToDeletedItems', 'SoftDelete', 'Create']), p, address, { ClientInfoString: 'Client=OWA;Action=ViaProxy' }));
      } else {
        const file = `${r.pick(['berth-plan', 'invoice', 'manifest', 'contract', 'rota', 'minutes'])}-${r.int(100, 999)}.${r.pick(['xlsx', 'docx', 'pdf'])}`;
        day.OfficeActivity.push({ TimeGenerated: moment(r), RecordType: 'SharePointFileOperation', Operation: r.pick(['FileAccessed', 'FileModified', 'FileDownloaded', 'FileUploaded', 'FilePreviewed']), OfficeWorkload: 'SharePoint', UserId: p.upn, UserKey: p.id, UserType: 'Regular', ClientIP: address, Site_Url: `https://kestrelharbour.example/sites/${p.department.toLowerCase()}`, SourceFileName: file, SourceFileExtension: file.split('.')[1], SourceRelativeUrl: 'Shared Documents', ItemType: 'File', OrganizationId: tenant, OfficeId: r.guid() });
      }
    }
  }
}

const NETBIOS = 'KESTRELHARBOUR';

export const processStart = (r, time, computer, account, image, parent, commandLine) => ({
  TimeGenerated: time, EventID: 4688, Activity: '4688 - A new process has been created.', Channel: 'Security', EventSourceName: 'Microsoft-Windows-Security-Auditing', Computer: computer, Account: `${NETBIOS}\\${account}`, SubjectUserName: account, SubjectDomainName: NETBIOS, SubjectAccount: `${NETBIOS}\\${account}`, AccountType: account.endsWith('$') ? 'Machine' : 'User',
  NewProcessName: image, Process: image.split('\\').at(-1), ParentProcessName: parent, CommandLine: commandLine, NewProcessId: `0x${r.hex(4)}`, ProcessId: `0x${r.hex(4)}`, SubjectLogonId: `0x${r.hex(6)}`, TokenElevationType: '%%1938', EventRecordId: String(r.int(100000, 999999)),
});

export const logon = (r, time, computer, account, { id = 4624, type = 3, address = '-', workstation = '', status = '', reason = '' } = {}) => ({
  TimeGenerated: time, EventID: id, Activity: id === 4624 ? '4624 - An account was successfully logged on.' : '4625 - An account failed to log on.', Channel: 'Security', EventSourceName: 'Microsoft-Windows-Security-Auditing', Computer: computer, Account: `${NETBIOS}\\${account}`, TargetUserName: account, TargetDomainName: NETBIOS, TargetAccount: `${NETBIOS}\\${account}`, AccountType: account.endsWith('$') ? 'Machine' : 'User',
  LogonType: type, LogonTypeName: `${type} - ${{ 2: 'Interactive', 3: 'Network', 5: 'Service', 7: 'Unlock', 10: 'RemoteInteractive' }[type]}`, IpAddress: address, IpPort: String(r.int(49152, 65535)), WorkstationName: workstation, LogonProcessName: type === 10 ? 'User32 ' : 'Kerberos', AuthenticationPackageName: type === 10 ? 'Negotiate' : 'Kerberos', TargetLogonId: `0x${r.hex(6)}`, Status: status, FailureReason: reason, EventRecordId: String(r.int(100000, 999999)),
});

export const installed = (r, time, computer, account, service, file) => ({
  TimeGenerated: time, EventID: 4697, Activity: '4697 - A service was installed in the system.', Channel: 'Security', EventSourceName: 'Microsoft-Windows-Security-Auditing', Computer: computer, Account: `${NETBIOS}\\${account}`, SubjectUserName: account, SubjectDomainName: NETBIOS, SubjectAccount: `${NETBIOS}\\${account}`, AccountType: 'User', ServiceName: service, ServiceFileName: file, ServiceType: '0x10', ServiceStartType: 3, ServiceAccount: 'LocalSystem', EventRecordId: String(r.int(100000, 999999)),
});

function windows(day, r) {
  const servers = machines.filter(m => m.system === 'windows');
  const system32 = 'C:\\Windows\\System32';
  for (const m of servers) {
    for (let i = 0; i < 330; i++) {
      const p = r.pick(people);
      day.SecurityEvent.push(logon(r, moment(r), m.fqdn, r.chance(0.35) ? `${p.workstation.toUpperCase()}$` : p.user, { type: r.chance(0.9) ? 3 : 5, address: p.address, workstation: p.workstation.toUpperCase() }));
    }
    for (let i = 0; i < 230; i++) {
      const [image, parent, line] = r.pick([
        [`${system32}\\svchost.exe`, `${system32}\\services.exe`, 'svchost.exe -k netsvcs -p'], [`${system32}\\taskhostw.exe`, `${system32}\\svchost.exe`, 'taskhostw.exe'], [`${system32}\\conhost.exe`, `${system32}\\cmd.exe`, 'conhost.exe 0x4'],
        [`${system32}\\wbem\\WmiPrvSE.exe`, `${system32}\\svchost.exe`, 'wmiprvse.exe -secured -Embedding'], ['C:\\Program Files\\Harbour ERP\\erpagent.exe', `${system32}\\services.exe`, 'erpagent.exe --service'], [`${system32}\\WindowsPowerShell\\v1.0\\powershell.exe`, `${system32}\\svchost.exe`, 'powershell.exe -File C:\\Ops\\Collect-Inventory.ps1'],
        [`${system32}\\ipconfig.exe`, `${system32}\\cmd.exe`, 'ipconfig /all'],
      ]);
      day.SecurityEvent.push(processStart(r, moment(r, around(r, 1440)), m.fqdn, `${m.name.toUpperCase()}$`, image, parent, line));
    }
    for (let i = 0, n = r.int(2, 7); i < n; i++) day.SecurityEvent.push(logon(r, moment(r), m.fqdn, r.pick(people).user, { id: 4625, address: r.pick(people).address, status: '0xc000006d', reason: '%%2313' }));
  }
  // Operations signs in to the jump host by remote desktop twice on most days, always from its own workstation.
  for (const minute of [522, 841]) day.SecurityEvent.push(logon(r, moment(r, minute), 'kh-jump-01.' + domain, 'it.operations', { type: 10, address: people.at(-1).address, workstation: 'KH-WS-001' }));
}

export const syslog = (time, m, process, message, { facility = 'authpriv', severity = 'info', pid = 1000 } = {}) => ({ TimeGenerated: time, EventTime: time, Computer: m.name, HostName: m.name, HostIP: m.address, Facility: facility, SeverityLevel: severity, ProcessName: process, ProcessID: pid, SyslogMessage: message, CollectorHostName: 'kh-mail-gw' });

function linux(day, r) {
  const hosts = machines.filter(m => m.system === 'linux');
  for (const m of hosts) {
    for (let i = 0; i < 420; i++) {
      const time = moment(r, around(r, 1440));
      const pid = r.int(700, 32000);
      switch (r.int(0, 4)) {
        case 0: day.Syslog.push(syslog(time, m, 'CRON', `pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)`, { facility: 'cron', pid })); break;
        case 1: day.Syslog.push(syslog(time, m, 'systemd', r.pick(['Started Daily apt download activities.', 'Finished Rotate log files.', 'Starting Cleanup of Temporary Directories...']), { facility: 'daemon', pid: 1 })); break;
        case 2: day.Syslog.push(syslog(time, m, 'nginx', `${r.pick(offices).address} - - "GET /${r.pick(['', 'berths', 'api/v1/manifests', 'health'])} HTTP/1.1" 200 ${r.int(200, 9000)}`, { facility: 'local7', pid })); break;
        case 3: day.Syslog.push(syslog(time, m, 'sshd', `Accepted publickey for deploy from 10.20.3.8 port ${r.int(30000, 60000)} ssh2: ED25519 SHA256:${r.hex(20)}`, { facility: 'auth', pid })); break;
        default: day.Syslog.push(syslog(time, m, 'sudo', 'deploy : TTY=unknown ; PWD=/srv ; USER=root ; COMMAND=/usr/bin/systemctl reload nginx', { pid }));
      }
    }
  }
  // The internet knocks on every door; a few guesses from many addresses are weather, not an attack.
  for (let i = 0; i < 90; i++) {
    const m = r.pick(hosts);
    day.Syslog.push(syslog(moment(r, around(r, 1440)), m, 'sshd', `Failed password for invalid user ${r.pick(['admin', 'test', 'oracle', 'ubuntu'])} from 198.51.100.${r.int(100, 250)} port ${r.int(30000, 60000)} ssh2`, { facility: 'auth', pid: r.int(700, 32000) }));
  }
}

export const flow = (r, time, from, to, port, { action = 'allow', sent = r.int(400, 40000), received = r.int(400, 90000), application = port === 443 ? 'ssl' : 'web-browsing', user = '' } = {}) => ({
  TimeGenerated: time, DeviceVendor: 'Palo Alto Networks', DeviceProduct: 'PAN-OS', DeviceVersion: '11.1.2', DeviceEventClassID: 'end', Activity: 'TRAFFIC', LogSeverity: '3', DeviceName: 'kh-fw-01', Computer: 'kh-fw-01', DeviceAction: action, SourceIP: from, SourceHostName: machines.find(m => m.address === from)?.name ?? '', SourcePort: r.int(49152, 65535), DestinationIP: to, DestinationPort: port, Protocol: 'tcp', ApplicationProtocol: application, SentBytes: sent, ReceivedBytes: received, SourceUserName: user, CommunicationDirection: 'Outbound', DeviceInboundInterface: 'inside', DeviceOutboundInterface: 'outside',
});

function firewall(day, r) {
  const inside = [...people.map(p => p.address), ...machines.map(m => m.address)];
  const outside = Array.from({ length: 60 }, () => `198.18.${r.int(0, 255)}.${r.int(1, 254)}`);
  for (let i = 0; i < 3000; i++) day.CommonSecurityLog.push(flow(r, moment(r), r.pick(inside), r.pick(outside), r.chance(0.85) ? 443 : r.pick([80, 25, 53, 123]), { action: r.chance(0.96) ? 'allow' : 'deny' }));
}

export const call = (r, time, source, name, user, address, { error = '', request = {}, readOnly = /^(Describe|List|Get)/.test(name), type = 'IAMUser' } = {}) => ({
  TimeGenerated: time, EventName: name, EventSource: source, EventVersion: '1.09', EventTypeName: 'AwsApiCall', AWSRegion: aws.region, RecipientAccountId: aws.account, UserIdentityAccountId: aws.account, UserIdentityType: type, UserIdentityUserName: user, UserIdentityArn: `arn:aws:iam::${aws.account}:user/${user}`, UserIdentityAccessKeyId: 'EXAMPLEKEY', UserIdentityPrincipalid: `AIDA${user.toUpperCase().replace(/[^A-Z]/g, '')}`, SourceIpAddress: address, UserAgent: 'aws-cli/2.24', ReadOnly: readOnly, ManagementEvent: true, ErrorCode: error, ErrorMessage: error ? 'not authorized' : '', RequestParameters: JSON.stringify(request), AwsEventId: r.guid(), SessionMfaAuthenticated: user === 'auditor', Category: 'Management',
});

function trail(day, r) {
  const callers = [['ci-deployer', '10.20.3.8'], ['report-export', '10.30.1.4'], ['auditor', offices[0].address]];
  for (let i = 0; i < 620; i++) {
    const [user, address] = r.pick(callers);
    const [source, name] = r.pick([['s3.amazonaws.com', 'ListBuckets'], ['ec2.amazonaws.com', 'DescribeInstances'], ['s3.amazonaws.com', 'GetBucketAcl'], ['lambda.amazonaws.com', 'UpdateFunctionCode20150331v2'], ['sts.amazonaws.com', 'GetCallerIdentity'], ['cloudtrail.amazonaws.com', 'DescribeTrails'], ['ecr.amazonaws.com', 'DescribeRepositories']]);
    day.AWSCloudTrail.push(call(r, moment(r, around(r, 1440)), source, name, user, address, { error: r.chance(0.02) ? 'AccessDenied' : '' }));
  }
}
