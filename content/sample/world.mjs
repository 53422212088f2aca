// The invented company: who and what both the resources and the events speak of.
export const domain = 'kestrelharbour.example';
export const tenant = '7d0f5c1e-3b6a-4c55-9a0e-2f6f1c9b8a11';

export const subscriptions = {
  production: { id: 'a3c1d7e2-5b84-4f0e-9c3d-1e2f3a4b5c01', name: 'kh-production' },
  development: { id: 'b8e4f2a9-6c17-4d3b-8f52-7a8b9c0d1e02', name: 'kh-development' },
};
export const aws = { account: '402917553186', region: 'eu-west-1' };
export const gcp = { project: 'kh-analytics-318', number: '771204558821', region: 'europe-west1' };

// Accounts are named for the desk they belong to: the estate invents no people.
export const people = [
  ['accounts.payable', 'Accounts payable', 'Finance', 'kh-ws-014'],
  ['financial.controller', 'Financial controller', 'Finance', 'kh-ws-015'],
  ['platform.engineer', 'Platform engineer', 'Engineering', 'kh-ws-021'],
  ['web.developer', 'Web developer', 'Engineering', 'kh-ws-022'],
  ['data.engineer', 'Data engineer', 'Engineering', 'kh-ws-023'],
  ['berth.planning', 'Berth planning', 'Operations', 'kh-ws-031'],
  ['harbour.desk', 'Harbour desk', 'Operations', 'kh-ws-032'],
  ['sales.north', 'Sales north', 'Sales', 'kh-ws-041'],
  ['sales.south', 'Sales south', 'Sales', 'kh-ws-042'],
  ['legal.counsel', 'Legal counsel', 'Legal', 'kh-ws-051'],
  ['people.office', 'People office', 'People', 'kh-ws-061'],
  ['it.operations', 'IT operations', 'IT', 'kh-ws-001'],
].map(([user, name, department, workstation], i) => ({
  user, name, department, workstation,
  upn: `${user}@${domain}`,
  id: `5e0c${String(i).padStart(4, '0')}-91aa-4b7d-8e21-0c4d5e6f7a${String(10 + i)}`,
  address: `10.20.4.${14 + i}`,
}));
export const person = user => people.find(p => p.user === user);

// Offices leave through two addresses of documentation ranges; the intruder comes from others of them.
export const offices = [
  { address: '192.0.2.10', city: 'Rotterdam', country: 'NL', latitude: 51.92, longitude: 4.48 },
  { address: '192.0.2.40', city: 'Aarhus', country: 'DK', latitude: 56.16, longitude: 10.2 },
];
export const intruder = { address: '203.0.113.77', city: 'Belize City', country: 'BZ', latitude: 17.5, longitude: -88.19, dropbox: '198.51.100.23' };

export const machines = [
  ['kh-dc-01', 'windows', '10.20.1.5', 'Domain controller'],
  ['kh-files-02', 'windows', '10.20.1.22', 'File server'],
  ['kh-jump-01', 'windows', '10.20.1.9', 'Jump host'],
  ['kh-print-01', 'windows', '10.20.1.30', 'Print server'],
  ['kh-erp-01', 'windows', '10.20.1.40', 'ERP'],
  ['kh-web-01', 'linux', '10.20.2.11', 'Web'],
  ['kh-web-02', 'linux', '10.20.2.12', 'Web'],
  ['kh-mail-gw', 'linux', '10.20.2.25', 'Mail relay'],
  ['kh-build-01', 'linux', '10.20.3.8', 'Build agent'],
  ['kh-db-03', 'linux', '10.20.3.20', 'PostgreSQL'],
].map(([name, system, address, role]) => ({ name, system, address, role, fqdn: `${name}.${domain}` }));

// The day that the events tell of, and where the intrusion's five stages fall in it (minutes from its start).
export const start = Date.parse('2026-03-17T00:00:00Z');
export const at = (minute, second = 0, millisecond = 0) => new Date(start + minute * 60000 + second * 1000 + millisecond).toISOString();
