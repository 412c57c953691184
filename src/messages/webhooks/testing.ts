import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { WebhookRequest } from '../../client/index.ts';
import { generateKey, makeCertificate, privateKeyPem } from '../../crypto/index.ts';

/** How a receiver answers. */
interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer;
}

/** A receiver of webhooks over real TLS, on a free port of this machine. */
export interface Receiver {
  url: string;
  certificate: string;
  /** What came, but for handshakes. */
  requests: (WebhookRequest & { headers: IncomingHttpHeaders })[];
  /** Origins that asked whether they may come. */
  origins: (string | undefined)[];
  /** How it answers from now on; undefined: not at all. */
  answer(made: (request: WebhookRequest) => Answer | undefined): void;
  shake(made: () => Answer): void;
  /** The data of what came, in order. */
  data(): unknown[];
}

export async function startReceiver(t: TestContext): Promise<Receiver> {
  const key = generateKey('es256');
  const dates = { notBefore: '2020-01-01T00:00:00.000Z', notAfter: '2120-01-01T00:00:00.000Z' };
  const certificate = makeCertificate({ key, commonName: 'receiver', ...dates, sans: ['127.0.0.1'] }).pem;
  let answer: Parameters<Receiver['answer']>[0] = () => ({ status: 204 });
  let shake: Parameters<Receiver['shake']>[0] = () => ({ status: 200, headers: { 'WebHook-Allowed-Origin': '*' } });
  const requests: Receiver['requests'] = [];
  const origins: Receiver['origins'] = [];
  const server = createServer({ key: privateKeyPem(key), cert: certificate }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', headers } = request;
      const isHandshake = method === 'OPTIONS';
      const seen = { method, url: `https://${headers.host}${request.url}`, headers, body: Buffer.concat(parts) };
      if (isHandshake) origins.push(String(headers['webhook-request-origin']));
      else requests.push(seen);
      const made = isHandshake ? shake() : answer(seen);
      if (made === undefined) return;
      response.writeHead(made.status, made.headers);
      response.end(made.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    certificate,
    requests,
    origins,
    answer(made) {
      answer = made;
    },
    shake(made) {
      shake = made;
    },
    data: () => requests.map(({ body }) => (JSON.parse(Buffer.from(body).toString()) as { data: unknown }).data),
  };
}
