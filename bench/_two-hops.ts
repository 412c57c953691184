import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { generateKey, makeCertificate, privateKeyPem } from '../src/crypto/index.ts';
import { freePort } from '../src/exchange/testing.ts';

/** Sizes of the provider's answers: their paths. */
export const ANSWERS = { '/1k': 1024, '/10m': 10 * 1024 * 1024, '/1g': 1024 * 1024 * 1024 } as const;

/** nginx as the peer, and as the provider's system behind both. */
export interface TwoHops {
  /** Where the provider's system answers. */
  service: number;
  /** Where nginx takes a request, and passes it over mutual TLS to a second nginx, which asks the system. */
  front: number;
  /** Processes of the two hops. */
  processes(): number[];
  stop(): Promise<void>;
}

/** Where nginx is, or undefined. */
export function findNginx(): string | undefined {
  for (const path of [
    process.env.NGINX ?? '',
    '/usr/sbin/nginx',
    '/usr/local/sbin/nginx',
    '/usr/bin/nginx',
    '/opt/homebrew/bin/nginx',
  ]) {
    try {
      if (path !== '') return execFileSync(path, ['-v'], { stdio: 'ignore' }) === undefined ? undefined : path;
    } catch {
      // Not there.
    }
  }
  return undefined;
}

/** Starts the provider's system, and two hops of nginx before it. */
export async function openTwoHops(folder: string): Promise<TwoHops> {
  const nginx = findNginx();
  if (nginx === undefined) throw new Error('nginx is not here');
  const files = join(folder, 'files');
  mkdirSync(files, { recursive: true, mode: 0o755 });
  for (const [path, bytes] of Object.entries(ANSWERS)) {
    const file = join(files, path.slice(1));
    writeFileSync(file, bytes <= 1024 ? JSON.stringify({ filler: 'x'.repeat(bytes - 13) }) : '');
    truncateSync(file, bytes);
  }
  for (const who of ['near', 'far']) {
    const key = generateKey('es256');
    const { pem } = makeCertificate({
      key,
      commonName: who,
      sans: ['127.0.0.1'],
      notBefore: '2020-01-01T00:00:00.000Z',
      notAfter: '2080-01-01T00:00:00.000Z',
    });
    writeFileSync(join(folder, `${who}.crt`), pem);
    writeFileSync(join(folder, `${who}.key`), privateKeyPem(key));
  }
  const [service, front, middle] = [await freePort(), await freePort(), await freePort()];
  const common = (name: string) => `
    ${process.getuid?.() === 0 ? 'user root;' : ''} daemon off; worker_processes 1; pid ${folder}/${name}.pid; error_log ${folder}/${name}.log error;
    events { worker_connections 4096; }`;
  const http = (name: string, inner: string) => `
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; client_max_body_size 0; proxy_request_buffering off;
      proxy_buffering on; proxy_max_temp_file_size 0; sendfile on; tcp_nodelay on; default_type application/json;
      client_body_temp_path ${folder}/${name}-body; proxy_temp_path ${folder}/${name}-proxy;
      fastcgi_temp_path ${folder}/${name}-f; uwsgi_temp_path ${folder}/${name}-u; scgi_temp_path ${folder}/${name}-s;
      ${inner} }`;
  const configs: Record<string, string> = {
    service: `${common('service')} ${http(
      'service',
      `server { listen 127.0.0.1:${service}; root ${files};
      error_page 405 =200 $uri; location / { } }`,
    )}`,
    far: `${common('far')} ${http(
      'far',
      `upstream system { server 127.0.0.1:${service}; keepalive 512; }
      server { listen 127.0.0.1:${middle} ssl; ssl_certificate ${folder}/far.crt; ssl_certificate_key ${folder}/far.key;
        ssl_protocols TLSv1.3; ssl_client_certificate ${folder}/near.crt; ssl_verify_client on;
        location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://system; } }`,
    )}`,
    near: `${common('near')} ${http(
      'near',
      `upstream far { server 127.0.0.1:${middle}; keepalive 512; }
      server { listen 127.0.0.1:${front};
        location / { proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass https://far;
          proxy_ssl_certificate ${folder}/near.crt; proxy_ssl_certificate_key ${folder}/near.key; proxy_ssl_protocols TLSv1.3;
          proxy_ssl_trusted_certificate ${folder}/far.crt; proxy_ssl_verify off; proxy_ssl_session_reuse on; } }`,
    )}`,
  };
  const running: ChildProcess[] = [];
  for (const [name, text] of Object.entries(configs)) {
    const file = join(folder, `${name}.conf`);
    writeFileSync(file, text);
    running.push(spawn(nginx, ['-c', file, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] }));
  }
  await Promise.all([service, middle, front].map(untilOpen));
  return {
    service,
    front,
    processes: () => running.slice(1).map(({ pid }) => pid ?? 0),
    async stop() {
      for (const one of running) one.kill('SIGTERM');
      await Promise.all(running.map((one) => one.exitCode ?? one.signalCode ?? once(one, 'exit')));
    },
  };
}

async function untilOpen(port: number): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.unref();
    });
    if (open) return;
    await pause(50);
  }
  throw new Error(`nothing answers at ${port}`);
}
