// The shape of the gateways that are in use: a new TLS connection for each message, an RSA-2048 signature of each, a row committed before
// and after at either end. Two processes of this file are the two gateways.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createPlain } from 'node:http';
import { createServer as createSecure, request as requestSecure } from 'node:https';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { request } from 'undici';

/** What one of the two is started with. */
export interface GatewayOrder {
  side: 'near' | 'far';
  port: number;
  /** The next hop: the far gateway, or the system. */
  next: number;
  database: string;
  key: string;
  certificate: string;
  /** The key by which the other's signatures are checked. */
  peerCertificate: string;
}

async function gateway({ side, port, next, database, key, certificate, peerCertificate }: GatewayOrder): Promise<void> {
  const pool = new pg.Pool({ connectionString: database, max: 16 });
  await pool.query('create table if not exists message (at timestamptz default now(), digest bytea, signature bytea)');
  const keyPem = readFileSync(key, 'utf8');
  const certPem = readFileSync(certificate, 'utf8');
  const own = createPrivateKey(keyPem);
  const peer = createPublicKey(readFileSync(peerCertificate, 'utf8'));
  const log = async (body: Buffer, signature: Buffer): Promise<void> => {
    const digest = createHash('sha256').update(body).digest();
    await pool.query('insert into message (digest, signature) values ($1, $2)', [digest, signature]);
  };
  const answer = async (body: Buffer, signature: string | undefined): Promise<{ body: Buffer; signature: Buffer }> => {
    if (side === 'far') {
      if (!verify('sha256', body, peer, Buffer.from(signature ?? '', 'base64'))) throw new Error('signature');
      await log(body, Buffer.from(signature ?? '', 'base64'));
      const asked = await request(`http://127.0.0.1:${next}/1k`, { method: 'POST', body });
      const said = Buffer.from(await asked.body.arrayBuffer());
      const signed = sign('sha256', said, own);
      await log(said, signed);
      return { body: said, signature: signed };
    }
    const signed = sign('sha256', body, own);
    await log(body, signed);
    const { said, by } = await forward(body, signed.toString('base64'));
    if (!verify('sha256', said, peer, Buffer.from(by, 'base64'))) throw new Error('signature');
    await log(said, Buffer.from(by, 'base64'));
    return { body: said, signature: Buffer.alloc(0) };
  };
  const forward = (body: Buffer, signature: string): Promise<{ said: Buffer; by: string }> =>
    new Promise((resolve, reject) => {
      const asked = requestSecure(
        {
          ...{ host: '127.0.0.1', port: next, method: 'POST', agent: false, cert: certPem, key: keyPem },
          ...{ rejectUnauthorized: false, headers: { signature, 'content-length': body.length } },
        },
        (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => resolve({ said: Buffer.concat(parts), by: String(response.headers.signature) }));
        },
      );
      asked.once('error', reject);
      asked.end(body);
    });
  const secure = { cert: certPem, key: keyPem, requestCert: true, rejectUnauthorized: false };
  const server = side === 'far' ? createSecure(secure) : createPlain();
  server.on('request', (incoming, outgoing) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      answer(Buffer.concat(parts), incoming.headers.signature as string | undefined).then(
        ({ body, signature }) => {
          outgoing.writeHead(200, { signature: signature.toString('base64'), 'content-length': body.length });
          outgoing.end(body);
        },
        (error: unknown) => {
          process.stderr.write(`${String(error)}\n`);
          outgoing.writeHead(500).end();
        },
      );
    });
  });
  server.listen(port, '127.0.0.1', () => process.stdout.write('ready\n'));
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await gateway(JSON.parse(process.argv[2] ?? '{}') as GatewayOrder);
