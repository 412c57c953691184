import { randomUUID } from 'node:crypto';
import { type EventsClient, eventsOf } from './events.ts';
import { type Asking, askingOf } from './http.ts';
import { type ReceiveOptions, receive } from './receive.ts';
import type {
  Channel,
  ClientOptions,
  Denial,
  Incoming,
  Lease,
  Offered,
  Outgoing,
  Rejected,
  Sent,
  Settled,
  Status,
  Usage,
} from './types.ts';

/** A system's connection to the API of its node. */
export interface Client extends EventsClient {
  /** Sends a message. What is not answered is tried again under the same idempotency key: it is sent once. */
  send(message: Outgoing): Promise<Sent>;
  /** How a message of one's own stands. */
  message(id: string): Promise<Sent>;
  /** One's own messages, the newest first. */
  messages(query?: {
    status?: Status;
    channel?: string;
    type?: string;
    key?: string;
    before?: string;
    limit?: number;
  }): Promise<Sent[]>;
  /** Sends again what was refused, expired or is dead. */
  resend(id: string): Promise<Sent>;
  /** Opens a channel of one's own. `persons`: where its messages name the persons they are about, `body:/person/code`; or `none`. */
  openChannel(name: string, persons: readonly string[]): Promise<Channel>;
  channels(): Promise<Channel[]>;
  /** Takes the next messages. */
  pull(
    channel: string,
    options?: { max?: number; leaseSeconds?: number; waitSeconds?: number; signal?: AbortSignal },
  ): Promise<Lease>;
  /** Says what became of them. */
  settle(
    channel: string,
    lease: string,
    outcomes: { acknowledged?: string[]; rejected?: Rejected[] },
  ): Promise<Settled>;
  /**
   * Receives until the signal: each message is given to `handle`, in order, and acknowledged when it returns; one for which it throws
   * is rejected and comes again. A message may come twice, so `handle` remembers ids with what it does.
   */
  receive(channel: string, handle: (message: Incoming) => Promise<void>, options?: ReceiveOptions): Promise<void>;
  /** What one's system may call, or send to, at a system of any state. */
  allowed(system: string): Promise<Offered[]>;
  /** Why a call or a message of one's own was refused. */
  whyDenied(id: string): Promise<Denial>;
  /** The uses of a person's data, the newest first, where the operator lets one's system read them. That it asked stands in her record. */
  findUsage(number: string, page?: { offset?: number; limit?: number }): Promise<Usage[]>;
  /** Closes the connections. */
  close(): void;
}

/**
 * Opens a client of a node's API. It holds no state: whatever it was told is durable at the node.
 * @example
 * const client = openClient({ url: 'https://127.0.0.1:4715', certificate, key, nodeCertificate });
 * await client.send({ channel: 'kz.population/register/claims', type: 'claim.filed', key: 'claim-7', data: { claim: 7 } });
 */
export function openClient(options: ClientOptions): Client {
  const asking = askingOf(options);
  return { ...sending(asking), ...receiving(asking), ...rights(asking), ...eventsOf(asking), close: asking.close };
}

function sending({ ask }: Asking) {
  return {
    send({ bytes, idempotencyKey = randomUUID(), ...message }: Outgoing): Promise<Sent> {
      const content = bytes === undefined ? {} : { dataBase64: Buffer.from(bytes).toString('base64') };
      const headers = { 'idempotency-key': idempotencyKey };
      return ask<Sent>({ method: 'POST', path: '/messages', headers, body: { ...message, ...content } });
    },
    message: (id: string) => ask<Sent>({ method: 'GET', path: `/messages/${encodeURIComponent(id)}` }),
    messages: async (query: Parameters<Client['messages']>[0] = {}) =>
      (await ask<{ messages: Sent[] }>({ method: 'GET', path: '/messages', query })).messages,
    resend: (id: string) => ask<Sent>({ method: 'POST', path: `/messages/${encodeURIComponent(id)}/resend` }),
  };
}

function rights({ ask }: Asking) {
  return {
    allowed: async (system: string) =>
      (await ask<{ services: Offered[] }>({ method: 'GET', path: '/allowed', query: { system } })).services,
    async findUsage(number: string, page: { offset?: number; limit?: number } = {}) {
      const headers = { 'x-road-userid': number };
      const asked = { method: 'GET', path: '/findUsage', headers, query: page } as const;
      return (await ask<{ findUsageResponses: Usage[] }>(asked)).findUsageResponses;
    },
    whyDenied: (id: string) => ask<Denial>({ method: 'GET', path: `/denials/${encodeURIComponent(id)}` }),
  };
}

function receiving({ ask }: Asking) {
  const at = (channel: string) => `/channels/${encodeURIComponent(channel)}`;
  const pull: Client['pull'] = (channel, { signal, ...body } = {}) =>
    ask<Lease>({ method: 'POST', path: `${at(channel)}/leases`, body, signal });
  const settle: Client['settle'] = (channel, lease, outcomes) =>
    ask<Settled>({
      method: 'POST',
      path: `${at(channel)}/leases/${encodeURIComponent(lease)}/outcomes`,
      body: outcomes,
    });
  return {
    openChannel: (name: string, persons: readonly string[]) =>
      ask<Channel>({ method: 'PUT', path: at(name), body: { persons } }),
    channels: async () => (await ask<{ channels: Channel[] }>({ method: 'GET', path: '/channels' })).channels,
    pull,
    settle,
    receive: (channel: string, handle: (message: Incoming) => Promise<void>, options?: ReceiveOptions) =>
      receive({ pull, settle }, channel, handle, options),
  };
}
