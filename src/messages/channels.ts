import { currentRules, openChannel as offerChannel, type SystemId, serviceName, systemName } from '../access/index.ts';
import { isId } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import type { MessagesContext } from './context.ts';
import { channelOf } from './names.ts';

/** A channel of a system, and how full it is. */
export interface Channel {
  /** `claims` */
  name: string;
  /** `kz.population/register/claims`: what others send to. */
  address: string;
  ready: number;
  leased: number;
  dead: number;
}

/**
 * Opens a channel of a system, to which others send once they are granted it.
 * @param persons where its messages name the persons they are about, or `none`
 * @throws Failure ACCESS_NAME, ACCESS_PERSONS, ACCESS_SERVICE_TAKEN
 */
export async function openChannel(
  ctx: MessagesContext,
  system: SystemId,
  name: string,
  persons: readonly string[],
): Promise<Channel> {
  // Those are the channels of subscriptions.
  if (isId(name)) throw new Failure('ACCESS_NAME', { what: 'channel', name, form: 'a word, no id' });
  await offerChannel(ctx, { name: channelOf(system, name), kind: 'MESSAGES', persons, by: systemName(system) });
  return getChannel(ctx, system, name);
}

/** @throws Failure MESSAGES_CHANNEL_UNKNOWN */
export async function getChannel(ctx: MessagesContext, system: SystemId, name: string): Promise<Channel> {
  const found = (await listChannels(ctx, system)).find((channel) => channel.name === name);
  if (found === undefined)
    throw new Failure('MESSAGES_CHANNEL_UNKNOWN', { channel: name.slice(0, 64), system: systemName(system) });
  return found;
}

/** The channels of a system. */
export async function listChannels(ctx: MessagesContext, { agency, system }: SystemId): Promise<Channel[]> {
  const { services } = await currentRules(ctx);
  const own = [...services.values()].filter(
    (service) => service.kind === 'MESSAGES' && service.agency === agency && service.system === system,
  );
  const counts = await ctx.db.query<{ channel: string; ready: number; leased: number; dead: number }>(
    `select channel, (count(*) filter (where status = 'ready'))::int as ready, (count(*) filter (where status = 'leased'))::int as leased,
       (count(*) filter (where status = 'dead'))::int as dead
     from messages_inbox where channel = any($1) and status in ('ready', 'leased', 'dead') group by channel`,
    [own.map(serviceName)],
  );
  return own.map((service) => {
    const address = serviceName(service);
    const { ready = 0, leased = 0, dead = 0 } = counts.find(({ channel }) => channel === address) ?? {};
    return { name: service.service, address, ready, leased, dead };
  });
}

/**
 * That a system has a channel, and its address. Read from what is configured alone, since every pull asks it.
 * @throws Failure MESSAGES_CHANNEL_UNKNOWN
 */
export async function demandChannel(ctx: MessagesContext, system: SystemId, name: string): Promise<string> {
  const address = channelOf(system, name);
  if ((await currentRules(ctx)).services.get(address)?.kind === 'MESSAGES') return address;
  throw new Failure('MESSAGES_CHANNEL_UNKNOWN', { channel: name.slice(0, 64), system: systemName(system) });
}
