import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKey, makeCertificate } from '../crypto/index.ts';
import { isFailure } from '../storage/index.ts';
import { listChanges } from './change.ts';
import { currentRules } from './rules.ts';
import { publishService } from './services.ts';
import { addSystem, demandProven, removeSystem, type Shown, type System } from './systems.ts';
import { accessTest } from './testing.ts';

const certificate = makeCertificate({
  key: generateKey('es256'),
  commonName: 'registry',
  notBefore: '2020-01-01T00:00:00.000Z',
  notAfter: '2120-01-01T00:00:00.000Z',
  sans: [],
});
const refuses = (system: System, shown: Shown) =>
  assert.throws(
    () => demandProven(system, shown),
    (error) => isFailure(error, 'ACCESS_SYSTEM_UNPROVEN'),
  );

test('a system that must show its certificate is believed with it, and with nothing else', async (t) => {
  const { ctx } = await accessTest(t);
  const system = await addSystem(ctx, {
    name: 'kz.pension-fund/registry',
    certificates: [certificate.pem],
    addresses: ['127.0.0.1'],
    by: 'operator',
  });
  demandProven(system, { encrypted: true, fingerprint: certificate.fingerprint, address: '203.0.113.9' });
  refuses(system, { encrypted: true, fingerprint: 'ab'.repeat(32), address: '127.0.0.1' });
  refuses(system, { encrypted: true, address: '127.0.0.1' });
  refuses(system, { encrypted: false, address: '127.0.0.1' });
});

test('without a certificate only a listed address is believed, and over TLS only where TLS is asked', async (t) => {
  const { ctx } = await accessTest(t);
  const tls = await addSystem(ctx, {
    name: 'kz.pension-fund/registry',
    connection: 'tls',
    addresses: ['10.1.0.0/16', '::1'],
    by: 'operator',
  });
  demandProven(tls, { encrypted: true, address: '::ffff:10.1.2.3' });
  demandProven(tls, { encrypted: true, address: '::1' });
  refuses(tls, { encrypted: true, address: '10.2.0.1' });
  refuses(tls, { encrypted: false, address: '10.1.2.3' });
  // A certificate that is not its own is worse than none.
  refuses(tls, { encrypted: true, fingerprint: certificate.fingerprint, address: '10.1.2.3' });
  const plain = await addSystem(ctx, {
    name: 'kz.pension-fund/registry',
    connection: 'plain',
    addresses: ['127.0.0.1'],
    by: 'operator',
  });
  demandProven(plain, { encrypted: false, address: '127.0.0.1' });
  refuses(plain, { encrypted: false, address: '' });
});

test("another state's agency has no system here, and one that was removed is gone in every process", async (t) => {
  const { ctx, other } = await accessTest(t);
  await assert.rejects(addSystem(ctx, { name: 'by.pension-fund/registry', by: 'operator' }), (error) =>
    isFailure(error, 'ACCESS_AGENCY_FOREIGN'),
  );
  await assert.rejects(addSystem(ctx, { name: 'kz.nobody/registry', by: 'operator' }), (error) =>
    isFailure(error, 'UNION_AGENCY_UNKNOWN'),
  );
  await addSystem(ctx, { name: 'kz.pension-fund/registry', by: 'operator' });
  assert.ok((await currentRules(other)).systems.has('kz.pension-fund/registry'));
  await removeSystem(ctx, 'kz.pension-fund/registry', 'operator');
  assert.ok(!(await currentRules(other)).systems.has('kz.pension-fund/registry'));
  assert.deepEqual(
    (await listChanges(ctx, 'kz.pension-fund/registry')).map(({ kind }) => kind),
    ['system', 'system-removed'],
  );
});

test('every change is a leaf of the ledger', async (t) => {
  const { ctx, grant } = await accessTest(t);
  await grant();
  const rows = await ctx.db.query<{ kind: string; opened: string }>(
    'select c.kind, o.kind as opened from access_change c join ledger_opening o on o.id = c.leaf order by c.at, c.id',
  );
  assert.deepEqual(rows, [
    { kind: 'service', opened: 'configuration' },
    { kind: 'grant', opened: 'configuration' },
  ]);
});

test('no service is published where none can stand, however its address is written', async (t) => {
  const { ctx } = await accessTest(t);
  const publish = (url: string) =>
    publishService(ctx, { name: 'kz.population/register/other', url, persons: ['none'], by: 'kz.population' });
  for (const url of [
    'http://169.254.169.254/latest',
    'http://2852039166/latest',
    'http://0xa9.0xfe.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'http://0.0.0.0:5432/',
    'http://[::]:5432/',
    'ftp://10.0.0.1/',
    'http://u:p@10.0.0.1/',
    'http://10.0.0.1/?a=b',
    'file:///etc/passwd',
  ])
    await assert.rejects(publish(url), (error) => isFailure(error, 'ACCESS_URL'), url);
  await publish('http://10.0.0.1/api');
});

test('an address in a form that no connection shows is not taken', async (t) => {
  const { ctx } = await accessTest(t);
  for (const address of ['::ffff:10.0.0.1', '::ffff:0:0/96', 'fe80::1%eth0', '10.0.0.0/33', '10.0.0.0/', '10', ''])
    await assert.rejects(
      addSystem(ctx, { name: 'kz.pension-fund/registry', connection: 'plain', addresses: [address], by: 'operator' }),
      (error) => isFailure(error, 'ACCESS_ADDRESS'),
      address,
    );
});
