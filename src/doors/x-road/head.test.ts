import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { carryAnswer, carryError, carryRequest, isXRoad, openAnswer, openRequest } from './carried.ts';
import { upperType, writeError, XRoadError } from './errors.ts';
import { forwardable, type Header, headBytes, requestHash } from './head.ts';
import { decodePart, encodedParts } from './identifiers.ts';
import { readRequest } from './request.ts';
import { zip } from './zip.ts';

const REQUEST_ID = '8c2a1f5e-0000-4000-8000-000000000001';
const ID = '11111111-2222-4333-8444-555555555555';
const VECTOR = '5HieWSp1RkYQjLyox31t8OD/JaT1+nVVCdMERKRmRhKP7raipwqRtaynsgnUc5uwPWXRW+WM/Qe4AxHmCX8dnA==';
const TARGET = '/r1/DEV/GOV/1000/Registry/persons/v1/person?code=1';

function read(headers: Header[], ids = [REQUEST_ID, ID], method = 'GET') {
  return readRequest({ method, target: TARGET, headers }, 'DEV', () => ids.shift() ?? 'none');
}

test('the known request has the known hash, with its generated ids in their order', () => {
  const request = read([
    ['Host', 'gateway'],
    ['X-Road-Client', 'DEV/COM/2000/App'],
    ['User-Agent', 'curl'],
    ['Accept', 'application/json'],
    ['X-Road-Request-Id', 'mine'],
    ['X-Road-Request-Hash', 'mine'],
    ['Connection', 'close'],
  ]);
  assert.equal(requestHash(request.head), VECTOR);
  assert.equal(request.id, `DEV-${ID}`);
});

test('a changed octet of the head, or a body, gives another hash', () => {
  const { head } = read([
    ['X-Road-Client', 'DEV/COM/2000/App'],
    ['Accept', 'application/json'],
  ]);
  const body = createHash('sha512').update('x').digest();
  const expected = createHash('sha512')
    .update(createHash('sha512').update(head).digest())
    .update(body)
    .digest('base64');
  assert.equal(requestHash(head, body), expected);
  assert.notEqual(requestHash(Buffer.concat([head, Buffer.from('x')])), VECTOR);
});

test('an id that is given stays in its place, and only the request id is appended', () => {
  const { head } = read([
    ['x-road-id', 'one'],
    ['X-Road-Client', 'DEV/COM/2000/App'],
  ]);
  assert.equal(
    head.toString(),
    `GET\r\n${TARGET}\r\nx-road-id:one\r\nX-Road-Client:DEV/COM/2000/App\r\nx-road-request-id:${REQUEST_ID}\r\n`,
  );
});

test('octets of header values stay what they were', () => {
  const value = Buffer.from('Ә', 'utf8').toString('latin1');
  assert.deepEqual(headBytes('GET', '/', [['X-A', value]]), Buffer.from('GET\r\n/\r\nX-A:Ә\r\n', 'utf8'));
});

test('the headers of a hop are dropped in any case', () => {
  const names =
    'transfer-encoding keep-alive proxy-authenticate proxy-authorization te trailer upgrade connection user-agent host content-length server expect';
  const headers = names.split(' ').flatMap((name): Header[] => [
    [name, '1'],
    [name.toUpperCase(), '1'],
  ]);
  assert.deepEqual(forwardable([...headers, ['x', '1']]), [['x', '1']]);
});

test('types are written in two dialects', () => {
  for (const [lower, upper] of [
    ['server.serverproxy.access_denied', 'Server.ServerProxy.AccessDenied'],
    ['server.clientproxy.ssl_authentication_failed', 'Server.ClientProxy.SslAuthenticationFailed'],
    ['server.serverproxy.io_error', 'Server.ServerProxy.IOError'],
    ['client.ambiguous_path', 'Client.AmbiguousPath'],
  ] as const)
    assert.equal(upperType(lower), upper);
});

test('an error is 500 for compatibility, and of its own status where a system wants it strict', () => {
  const status = (code: string, strict: boolean) =>
    writeError(new XRoadError('server', code, 'x'), { dialect: 'lower', strict, accept: [] }, 'd').status;
  const codes = ['bad_request', 'access_denied', 'unknown_service', 'service_disabled', 'ambiguous_path'];
  assert.deepEqual(
    codes.map((code) => status(code, false)),
    [500, 500, 500, 500, 400],
  );
  assert.deepEqual(
    codes.map((code) => status(code, true)),
    [400, 403, 404, 503, 400],
  );
});

test('text in XML cannot become markup', () => {
  const { body } = writeError(
    new XRoadError('server', 'access_denied', '<a>&\u0000'),
    { dialect: 'upper', strict: false, accept: ['text/xml'] },
    'd',
  );
  assert.match(
    body.toString(),
    /<type>Server.ServerProxy.AccessDenied<\/type><message>&lt;a&gt;&amp;\uFFFD<\/message><detail>d<\/detail>/,
  );
});

test('identifiers go out with sub-delims bare, all else encoded in upper case', () => {
  assert.equal(encodedParts(['A b', 'path;', 'x/y', 'ä:@']), 'A%20b/path;/x%2Fy/%C3%A4:@');
  for (const text of ['a/b', 'Әр', '100%']) assert.equal(decodePart(encodedParts([text])), text);
});

test('heads between nodes come out as they went in, and nothing else is taken for one', () => {
  const head = Buffer.from('GET\r\n/\r\n');
  assert.deepEqual(Buffer.from(openRequest(carryRequest(head))), head);
  const answer = {
    status: 204,
    reason: 'No Content',
    headers: [
      ['A', 'b:c'],
      ['a', ''],
    ] as Header[],
  };
  assert.deepEqual(openAnswer(carryAnswer(answer)), answer);
  assert.ok(!isXRoad(head));
  assert.throws(() => openRequest(head), /DOORS_HEAD/);
  for (const bad of [
    '',
    '20 OK\r\n',
    '200 OK\r\nx\r\n',
    '200 OK\r\na:b',
    'error\r\n{}',
    'error\r\n{"side":"x","code":"a","message":"b"}',
  ])
    assert.throws(() => openAnswer(carryRequest(Buffer.from(bad))), /DOORS_HEAD/, bad);
  const detail = '0192aaaa-0000-7000-8000-000000000000';
  assert.throws(
    () => openAnswer(carryError(new XRoadError('server', 'access_denied', 'no', detail))),
    (error) => error instanceof XRoadError && error.code === 'access_denied' && error.detail === detail,
  );
});

test('an archive is one that others read', () => {
  const bytes = zip([{ name: 'a/b', bytes: Buffer.from('hello') }]);
  // CRC-32 of `hello` is 3610A686.
  assert.equal(bytes.readUInt32LE(14), 0x3610a686);
  assert.equal(bytes.subarray(-22, -18).toString('latin1'), 'PK\x05\x06');
});
