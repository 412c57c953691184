import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { Agent, request } from 'undici';
import { addSystem, disableService, publishService } from '../../access/index.ts';
import { generateKey, makeCertificate, privateKeyPem } from '../../crypto/index.ts';
import { CLIENT, doorTest, SERVICE, sendRaw } from '../testing.ts';

const run = promisify(execFile);
const HEADERS = { 'X-Road-Client': CLIENT };
const isMissing = (program: string) =>
  spawnSync(program, ['--version']).error === undefined ? false : `${program} is not here`;
const certificate = () => {
  const key = generateKey('es256');
  const made = makeCertificate({
    key,
    commonName: 'registry',
    notBefore: '2020-01-01T00:00:00.000Z',
    notAfter: '2120-01-01T00:00:00.000Z',
    sans: [],
  });
  return { pem: made.pem, key: privateKeyPem(key) };
};

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'commonway-door-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('curl calls over mutual TLS with the certificate of its system, and with another one it is refused', {
  skip: isMissing('curl'),
}, async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  const [own, other] = [certificate(), certificate()];
  await addSystem(doors.by, { name: 'by.pension-fund/registry', certificates: [own.pem], by: 'operator' });
  const at = folder(t);
  for (const [name, text] of Object.entries({
    'own.pem': own.pem,
    'own.key': own.key,
    'other.pem': other.pem,
    'other.key': other.key,
    'node.pem': doors.keys.by?.tls.certificatePem ?? '',
  }))
    writeFileSync(join(at, name), text);
  const curl = async (name: string | undefined, address: string) => {
    const shown = name === undefined ? [] : ['--cert', join(at, `${name}.pem`), '--key', join(at, `${name}.key`)];
    const { stdout } = await run('curl', [
      '-sk',
      '-w',
      '\n%{http_code}',
      ...shown,
      '-H',
      `X-Road-Client: ${CLIENT}`,
      '-d',
      'hello',
      address,
    ]);
    return stdout;
  };
  const secure = `https://127.0.0.1:${doors.port}/r1/${SERVICE}/persons`;
  assert.equal(await curl('own', secure), '{"method":"POST","url":"/base/persons","body":"hello"}\n200');
  for (const refused of [
    await curl('other', secure),
    await curl(undefined, secure),
    await curl(undefined, secure.replace('https', 'http')),
  ])
    assert.match(refused, /server\.clientproxy\.ssl_authentication_failed.*\n500$/s);
  assert.equal(doors.seen.length, 1);
});

test('undici over TLS: redirections are passed on, repeated headers stay repeated, there is one date', async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  await addSystem(doors.by, {
    name: 'by.pension-fund/registry',
    connection: 'tls',
    addresses: ['127.0.0.1'],
    by: 'operator',
  });
  doors.answer((_, response) => {
    response.writeHead(302, 'Look There', [
      'Location',
      'http://127.0.0.1:1/',
      'Set-Cookie',
      'a=1',
      'Set-Cookie',
      'b=2',
      'X-Road-Id',
      'forged',
      'X-Road-Error',
      'forged',
      'Date',
      'Mon, 01 Jun 2026 10:00:00 GMT',
    ]);
    response.end('moved');
  });
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  t.after(() => dispatcher.close());
  const answer = await request(`https://127.0.0.1:${doors.port}/r1/${SERVICE}/x`, { headers: HEADERS, dispatcher });
  assert.equal(answer.statusCode, 302);
  assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
  assert.equal(answer.headers.date, 'Mon, 01 Jun 2026 10:00:00 GMT');
  assert.match(String(answer.headers['x-road-id']), /^BY-/);
  assert.equal(answer.headers['x-road-error'], undefined);
  assert.equal(await answer.body.text(), 'moved');
});

test("a service's own refusal is its own, without the mark of a gateway", async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  doors.answer((_, response) => response.writeHead(500).end('{"type":"server.x"}'));
  const answer = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}`, { headers: HEADERS });
  assert.equal(answer.statusCode, 500);
  assert.equal(answer.headers['x-road-error'], undefined);
  assert.equal(await answer.body.text(), '{"type":"server.x"}');
});

test('a large body of unknown length comes through, its digest in the hash of the request', async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  doors.answer((_, response, body) => response.end(body));
  const sent = Buffer.alloc(3_000_000, 'ab');
  const stream = new PassThrough();
  stream.end(sent);
  const answer = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}`, {
    method: 'POST',
    headers: { ...HEADERS, 'X-Road-Id': 'i' },
    body: stream,
  });
  assert.ok(Buffer.from(await answer.body.arrayBuffer()).equals(sent));
  const head = `POST\r\n/r1/${SERVICE}\r\nX-Road-Client:${CLIENT}\r\nX-Road-Id:i\r\nx-road-request-id:${answer.headers['x-road-request-id']}\r\n`;
  const sha = (...parts: (Buffer | string)[]) =>
    parts.reduce((hash, part) => hash.update(part), createHash('sha512')).digest();
  assert.equal(answer.headers['x-road-request-hash'], sha(sha(head), sha(sent)).toString('base64'));
});

test('Expect: 100-continue is answered here, and HEAD has no body', async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  const lines = (verb: string, ...more: string[]) =>
    Buffer.from(
      [
        `${verb} /r1/${SERVICE} HTTP/1.1`,
        'Host: n',
        `X-Road-Client: ${CLIENT}`,
        'Connection: close',
        ...more,
        '',
        '',
      ].join('\r\n'),
    );
  const posted = await sendRaw(
    doors.port,
    Buffer.concat([lines('POST', 'Expect: 100-continue', 'Content-Length: 2'), Buffer.from('hi')]),
  );
  assert.equal(posted.status, 200);
  assert.ok(!doors.seen[0]?.rawHeaders.some((text) => text.toLowerCase() === 'expect'));
  const head = await sendRaw(doors.port, lines('HEAD'));
  assert.equal(head.status, 200);
  assert.equal(head.body.length, 0);
});

test('an answer that breaks off does not end as a success', async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  doors.answer((_, response) => {
    response.write('half');
    setImmediate(() => response.destroy());
  });
  await assert.rejects(async () => {
    const answer = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}`, { headers: HEADERS });
    await answer.body.text();
  });
});

test('a system that wants the older dialect and statuses of their own gets them', async (t) => {
  const doors = await doorTest(t);
  await addSystem(doors.by, {
    name: 'by.pension-fund/registry',
    connection: 'plain',
    addresses: ['127.0.0.1'],
    dialect: 'upper',
    strict: true,
    by: 'operator',
  });
  const ask = async () => {
    const answer = await request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}`, { headers: HEADERS });
    return [answer.statusCode, ...(Object.values((await answer.body.json()) as object) as string[])];
  };
  const [status, type, message, detail] = await ask();
  assert.deepEqual(
    [status, type, message],
    [403, 'Server.ServerProxy.AccessDenied', `Request is not allowed: SERVICE:${SERVICE}`],
  );
  // The id in the answer is the one under which the refusal is explained.
  assert.deepEqual(await doors.kz.db.query('select reason from access_denial where id::text = $1', [detail]), [
    { reason: 'no-grant' },
  ]);
  await doors.grant();
  await disableService(doors.kz, 'kz.population/register/life-events', 'moving house', 'kz.population');
  assert.deepEqual((await ask()).slice(0, 3), [
    503,
    'Server.ServerProxy.ServiceDisabled',
    `Service SERVICE:${SERVICE} is disabled: moving house`,
  ]);
});

test('a node cannot speak for a system of another state', async (t) => {
  const doors = await doorTest(t);
  await doors.grant({ subject: { kind: 'agency', name: 'ru.pension-fund' } });
  const { serveXRoad } = await import('./provide.ts');
  const { carryRequest, openAnswer } = await import('./carried.ts');
  const head = carryRequest(Buffer.from(`GET\r\n/r1/${SERVICE}\r\nX-Road-Client:RU/GOV/pension-fund/registry\r\n`));
  const { head: answer } = await serveXRoad(doors.kz)({ id: 'x', from: 'by', mode: 'batch', head, body: null });
  assert.throws(() => openAnswer(answer), /not found/);
  assert.equal(doors.seen.length, 0);
});

test('only the fields of the grant come through, and an answer that is not JSON does not', async (t) => {
  const doors = await doorTest(t);
  await doors.grant({ fields: ['/url'] });
  const ask = () => request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}/x`, { headers: HEADERS });
  assert.deepEqual(await (await ask()).body.json(), { url: '/base/x' });
  doors.answer((_, response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end('secret'));
  const refused = await ask();
  assert.equal(refused.headers['x-road-error'], 'server.serverproxy.service_failed');
  assert.doesNotMatch(await refused.body.text(), /secret/);
});

test('tools find members, services, endpoints and the OpenAPI document', async (t) => {
  const doors = await doorTest(t);
  const openapi =
    'openapi: 3.0.3\nservers: [{url: "https://inside.example:8443/v1"}]\npaths: {"/persons/{id}": {get: {}, parameters: []}}';
  await publishService(doors.kz, {
    name: 'kz.population/register/described',
    url: doors.serviceUrl,
    openapi,
    persons: ['none'],
    by: 'kz.population',
  });
  const ask = async (path: string) => {
    const answer = await request(`http://127.0.0.1:${doors.port}${path}`, {
      headers: { ...HEADERS, accept: 'application/json' },
    });
    return (await answer.body.json()) as Record<string, unknown>;
  };
  const system = '/r1/KZ/GOV/population/register';
  assert.deepEqual(await ask(`${system}/listMethods`), { service: [] });
  await doors.grant({ service: 'kz.population/register/described' });
  const listed = {
    object_type: 'SERVICE',
    xroad_instance: 'KZ',
    member_class: 'GOV',
    member_code: 'population',
    subsystem_code: 'register',
    service_code: 'described',
    service_type: 'OPENAPI',
    endpoint_list: [{ method: 'GET', path: '/persons/*' }],
  };
  assert.deepEqual(await ask(`${system}/allowedMethods`), { service: [listed] });
  assert.equal(((await ask(`${system}/listMethods`)).service as unknown[]).length, 2);
  const document = await ask(`${system}/getOpenAPI?serviceCode=described`);
  assert.deepEqual(document.servers, [{ url: '/v1' }]);
  const clients = (await ask('/listClients')).member as { id: object; subsystem_name?: string }[];
  assert.ok(clients.some(({ subsystem_name }) => subsystem_name === 'registry'));
});

test('verificationconf is an archive that another program opens', { skip: isMissing('python3') }, async (t) => {
  const doors = await doorTest(t);
  const answer = await request(`http://127.0.0.1:${doors.port}/verificationconf`);
  const file = join(folder(t), 'conf.zip');
  writeFileSync(file, Buffer.from(await answer.body.arrayBuffer()));
  const script =
    'import sys,zipfile,xml.dom.minidom as x;z=zipfile.ZipFile(sys.argv[1]);assert z.testzip() is None;i=z.read("verificationconf/instance-identifier").decode();d=x.parseString(z.read(f"verificationconf/{i}/shared-params.xml"));print(i,len(d.getElementsByTagName("member")),d.getElementsByTagName("subsystemCode")[0].firstChild.data)';
  const { stdout } = await run('python3', ['-c', script, file]);
  const { trust } = doors.by;
  const { agencies } = trust.manifest('by');
  assert.equal(stdout.trim(), `BY ${agencies.length} registry`);
});

test('a grant that wants a signature for each call gets one: the door asks again, and then knows it', async (t) => {
  const modes: string[] = [];
  const doors = await doorTest(t, {
    carry: (carry) => (call) => {
      modes.push(call.mode);
      return carry(call);
    },
  });
  await doors.grant({ mode: 'message' });
  const ask = () =>
    request(`http://127.0.0.1:${doors.port}/r1/${SERVICE}`, { headers: { 'X-Road-Client': CLIENT } }).then(
      async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      },
    );
  assert.equal(await ask(), 200);
  assert.equal(await ask(), 200);
  assert.deepEqual(modes, ['batch', 'message', 'message']);
  assert.equal(doors.seen.length, 2);
});
