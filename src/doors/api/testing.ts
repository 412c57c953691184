import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { TestContext } from 'node:test';
import { addSystem } from '../../access/index.ts';
import { type Client, openClient } from '../../client/index.ts';
import { generateKey, makeCertificate, privateKeyPem } from '../../crypto/index.ts';
import { type MessagesTest, messagesTest } from '../../messages/testing.ts';
import { allowedRoutes, openDoors } from '../index.ts';
import { collect } from '../testing.ts';
import type { ApiContext } from './operation.ts';

/** A certificate that a system made for itself. */
export interface OwnCertificate {
  pem: string;
  key: string;
}

export function ownCertificate(commonName = 'registry'): OwnCertificate {
  const key = generateKey('es256');
  const dates = { notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2120-01-01T00:00:00.000Z' };
  return { pem: makeCertificate({ key, commonName, ...dates, sans: [] }).pem, key: privateKeyPem(key) };
}

export interface ApiTest extends MessagesTest {
  ports: { by: number; kz: number };
  reported: string[];
  certificates: { by: OwnCertificate; kz: OwnCertificate };
  /** The client of `by.pension-fund/registry`, known by its certificate. */
  sender: Client;
  /** The client of `kz.population/register`, its agency's administrator. */
  receiver: Client;
  /** A client with another certificate, or none. */
  client(state: 'by' | 'kz', certificate?: OwnCertificate, more?: Partial<Parameters<typeof openClient>[0]>): Client;
}

/** Two nodes with real databases, real TLS between them and at their doors, and a system at each. */
export async function apiTest(
  t: TestContext,
  options: { stopped?: boolean; persons?: readonly string[] } = {},
): Promise<ApiTest> {
  const reported: string[] = [];
  const report = (reference: string, error: unknown) => void reported.push(`${reference} ${error}`);
  const net = await messagesTest(t, { ...options, routes: (ctx) => allowedRoutes({ ...ctx, report }) });
  const open = async (node: MessagesTest['by']) => {
    const ask: ApiContext['ask'] = (...asked) => node.exchange().ask(...asked);
    const api: ApiContext = { ...node.ctx, report, ask };
    const carry = () => Promise.reject(new Error('nothing is called here'));
    const door = await openDoors(api, { carry, api, tls: node.ctx.keys.tls, listen: { host: '127.0.0.1', port: 0 } });
    t.after(() => door.stop());
    return door.port;
  };
  const ports = { by: await open(net.by), kz: await open(net.kz) };
  const certificates = { by: ownCertificate(), kz: ownCertificate() };
  const by = 'operator';
  await addSystem(net.by.ctx, { name: 'by.pension-fund/registry', certificates: [certificates.by.pem], by });
  await addSystem(net.kz.ctx, {
    name: 'kz.population/register',
    certificates: [certificates.kz.pem],
    administrator: true,
    by,
  });
  const client: ApiTest['client'] = (state, certificate, more = {}) => {
    const opened = openClient({
      url: `https://127.0.0.1:${ports[state]}`,
      nodeCertificate: net[state].ctx.keys.tls.certificatePem,
      ...(certificate !== undefined && { certificate: certificate.pem, key: certificate.key }),
      tries: 1,
      ...more,
    });
    t.after(() => opened.close());
    return opened;
  };
  return {
    ...net,
    ports,
    reported,
    certificates,
    sender: client('by', certificates.by),
    receiver: client('kz', certificates.kz),
    client,
  };
}

/** Asks an operation as any program would, and gives what came back. */
export async function askApi(
  { ports }: Pick<ApiTest, 'ports'>,
  state: 'by' | 'kz',
  { pem, key }: OwnCertificate,
  asked: { method: string; path: string; body?: unknown; headers?: Record<string, string> },
): Promise<{ status: number; body: Record<string, unknown> }> {
  const where = { host: '127.0.0.1', port: ports[state], path: `/api/v1${asked.path}`, method: asked.method };
  const headers = { ...(asked.body !== undefined && { 'content-type': 'application/json' }), ...asked.headers };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({ ...where, headers, cert: pem, key, rejectUnauthorized: false, agent: false });
    sent.once('response', resolve).once('error', reject);
    sent.end(asked.body === undefined ? undefined : JSON.stringify(asked.body));
  });
  const body = JSON.parse((await collect(response)).toString()) as Record<string, unknown>;
  return { status: response.statusCode ?? 0, body };
}
