import { connect } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';

/** What came back from a port, until the other side closed. */
export interface Reply {
  text: string;
  /** Why it ended, where it did not end well. */
  error: string | undefined;
  /** Hex SHA-256 of the certificate at the other end. */
  certificate: string | undefined;
  protocol: string | null | undefined;
}

const PATIENCE_MS = 20_000;
const QUESTION = 'GET /union/hello HTTP/1.1\r\nhost: node\r\nconnection: close\r\n\r\n';

/** Asks a node's exchange for its hello without any TLS. */
export function askPlain(port: number): Promise<Reply> {
  return new Promise((done) => {
    const socket = connect({ host: '127.0.0.1', port });
    listen(socket, () => socket.write(QUESTION), 'connect', done);
  });
}

/** Asks it over TLS, as the options say. */
export function askTls(port: number, options: ConnectionOptions): Promise<Reply> {
  return new Promise((done) => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options });
    listen(socket, () => socket.write(QUESTION), 'secureConnect', done);
  });
}

function listen(
  socket: ReturnType<typeof connect>,
  ask: () => void,
  ready: 'connect' | 'secureConnect',
  done: (reply: Reply) => void,
): void {
  const reply: Reply = { text: '', error: undefined, certificate: undefined, protocol: undefined };
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('it neither answers nor closes')));
  socket.on(ready, () => {
    if (ready === 'secureConnect') {
      const { fingerprint256 } = (socket as TLSSocket).getPeerX509Certificate() ?? {};
      reply.certificate = fingerprint256?.replaceAll(':', '').toLowerCase();
      reply.protocol = (socket as TLSSocket).getProtocol();
    }
    ask();
  });
  socket.on('data', (part) => {
    reply.text += part.toString('latin1');
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    reply.error = error.code ?? error.message;
  });
  socket.on('close', () => done(reply));
}
