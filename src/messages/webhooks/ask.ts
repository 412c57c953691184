import { type LookupAddress, lookup } from 'node:dns';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import { LIMITS } from '../limits.ts';
import { mayStandAt, type Networks } from './addresses.ts';

/** What a webhook answered; its content is nothing to us. */
export interface WebhookAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Why a webhook could not be asked: a word for operators and its system. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
  readonly word: 'PRIVATE_ADDRESS' | 'UNREACHABLE' | 'TIMEOUT' | 'TLS' | 'ANSWER_TOO_LARGE';

  constructor(word: WebhookError['word']) {
    super(word);
    this.word = word;
  }
}

/** Connections to one webhook for one turn. */
export interface WebhookClient {
  ask(asked: { method: 'OPTIONS' | 'POST'; headers: Record<string, string>; body?: Buffer }): Promise<WebhookAnswer>;
  close(): void;
}

/**
 * Opens the way to a webhook. Each connection goes to an address that may be called, and to no other of the same name; its certificate is
 * verified, no redirect is followed, no proxy asked, and a try ends after ten seconds whatever the target does.
 */
export function openWebhook(
  { url, certificate }: { url: string; certificate: string | null },
  listed: Networks,
  timeoutMs: number = LIMITS.webhook.timeoutMs,
): WebhookClient {
  const { hostname, port, pathname, host } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close: () => agent.destroy(),
    ask: ({ method, headers, body }) =>
      new Promise<WebhookAnswer>((resolve, reject) => {
        // A literal address is looked up by nobody.
        if (isIP(name) !== 0 && !mayStandAt(name, listed)) return reject(new WebhookError('PRIVATE_ADDRESS'));
        const signal = AbortSignal.timeout(timeoutMs);
        const asked = request({
          agent,
          method,
          signal,
          hostname: name,
          port: port === '' ? 443 : Number(port),
          path: pathname,
          headers: { host, 'content-length': body?.length ?? 0, ...headers },
          lookup: (target, options, found) => guardedLookup(target, options, listed, found),
          minVersion: 'TLSv1.2',
          ...(certificate !== null && { ca: certificate }),
          ...(isIP(name) === 0 && { servername: name }),
        });
        const failed = (error: Error) => reject(signal.aborted ? new WebhookError('TIMEOUT') : wordOf(error));
        asked.once('error', failed);
        asked.once('response', (response) => {
          let size = 0;
          response.on('data', (part: Buffer) => {
            size += part.length;
            if (size > LIMITS.webhook.answerBytes) asked.destroy(new WebhookError('ANSWER_TOO_LARGE'));
          });
          response.once('error', failed);
          response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
        });
        asked.end(body);
      }),
  };
}

type Found = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Resolves a name to the addresses that may be called; where one of them may not, to none: a name that leads here and there is a trick. */
function guardedLookup(target: string, options: object, listed: Networks, found: Found): void {
  lookup(target, { all: true }, (error, addresses) => {
    if (error !== null) return found(error, '');
    if (addresses.length === 0 || addresses.some(({ address }) => !mayStandAt(address, listed)))
      return found(new WebhookError('PRIVATE_ADDRESS'), '');
    const [first] = addresses as [LookupAddress];
    if ((options as { all?: boolean }).all === true) found(null, addresses);
    else found(null, first.address, first.family);
  });
}

function wordOf(error: Error): WebhookError {
  if (error instanceof WebhookError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new WebhookError(
    /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO)/.test(code) ? 'TLS' : 'UNREACHABLE',
  );
}
