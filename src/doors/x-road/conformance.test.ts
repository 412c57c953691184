import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { CLIENT, doorTest, type RawAnswer, SERVICE, type Seen, sendRaw } from '../testing.ts';
import { pairsOf, valuesOf } from './head.ts';

interface Case {
  rule: string;
  request: string;
  with?: string[];
  bare?: boolean;
  body?: string;
  status?: number;
  error?: string;
  xml?: string;
  message?: string;
  headers?: Record<string, string>;
  seen?: {
    url?: string;
    body?: string;
    headers?: Record<string, string>;
    absent?: string[];
    repeated?: Record<string, string[]>;
  };
}

const cases = parse(
  readFileSync(join(process.env.COMMONWAY_ROOT ?? '.', 'src/doors/x-road/conformance.yaml'), 'utf8'),
) as Case[];

test('the rules of the X-Road message protocol for REST hold over raw sockets', async (t) => {
  const doors = await doorTest(t);
  await doors.grant();
  for (const one of cases) {
    await t.test(one.rule, async () => {
      doors.seen.length = 0;
      const answer = await sendRaw(doors.port, octetsOf(one));
      demandAnswer(one, answer);
      if (one.seen !== undefined) demandSeen(one.seen, doors.seen[0]);
      else if (one.error !== undefined) assert.equal(doors.seen.length, 0, 'a refused request reached the service');
    });
  }
});

function octetsOf(one: Case): Buffer {
  const lines = [
    `${one.request.replace('{S}', `/r1/${SERVICE}`)} HTTP/1.1`,
    'Host: node',
    ...(one.bare ? [] : [`X-Road-Client: ${CLIENT}`]),
    ...(one.with ?? []),
    ...(one.body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(one.body)}`]),
    'Connection: close',
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${one.body ?? ''}`, 'utf8');
}

function demandAnswer(one: Case, { status, headers, body }: RawAnswer): void {
  const type = one.error ?? one.xml;
  assert.deepEqual(valuesOf(headers, 'x-road-error'), type === undefined ? [] : [type], body.toString());
  assert.equal(valuesOf(headers, 'date').length, 1);
  if (one.status !== undefined) assert.equal(status, one.status, body.toString());
  else if (type !== undefined) assert.equal(status, 500);
  for (const [name, pattern] of Object.entries(one.headers ?? {}))
    assert.match(valuesOf(headers, name).join('|'), new RegExp(pattern));
  if (one.error !== undefined) {
    const said = JSON.parse(body.toString()) as { type: string; message: string; detail: string };
    assert.deepEqual(Object.keys(said), ['type', 'message', 'detail']);
    assert.equal(said.type, one.error);
    assert.match(said.detail, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    if (one.message !== undefined) assert.equal(said.message, one.message);
  }
  if (one.xml !== undefined)
    assert.match(
      body.toString(),
      new RegExp(`<error><type>${one.xml}</type><message>.+</message><detail>[0-9a-f-]{36}</detail></error>$`),
    );
  if (type === undefined && status === 200 && !one.bare) {
    const order = headers.map(([name]) => name).filter((name) => name.toLowerCase().startsWith('x-road-'));
    assert.deepEqual(order, [
      'x-road-id',
      'x-road-client',
      'x-road-service',
      'x-road-request-id',
      'x-road-request-hash',
    ]);
  }
}

function demandSeen(wanted: NonNullable<Case['seen']>, seen: Seen | undefined): void {
  assert.ok(seen, 'the service was not asked');
  const headers = pairsOf(seen.rawHeaders);
  if (wanted.url !== undefined) assert.equal(seen.url, wanted.url);
  if (wanted.body !== undefined) assert.equal(seen.body.toString(), wanted.body);
  for (const [name, value] of Object.entries(wanted.headers ?? {}))
    assert.ok(
      headers.some(([key, content]) => key === name && content === value),
      `${name}: ${value}`,
    );
  for (const name of wanted.absent ?? []) assert.deepEqual(valuesOf(headers, name), [], name);
  for (const [name, values] of Object.entries(wanted.repeated ?? {})) assert.deepEqual(valuesOf(headers, name), values);
}
