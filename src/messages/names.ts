import { type ServiceId, type SystemId, serviceName, stateOfAgency } from '../access/index.ts';
import { sha256 } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import type { MessagesContext } from './context.ts';

const TYPE = /^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/;
const PRINTABLE = /^[!-~]+$/;
/** Messages without a key share so many lanes of the exchange, so that none waits for another system's. */
const SPREAD = 8;

/** @throws Failure MESSAGES_TYPE */
export function demandType(type: string): string {
  if (type.length > 100 || !TYPE.test(type)) throw new Failure('MESSAGES_TYPE');
  return type;
}

/** @throws Failure MESSAGES_KEY */
export function demandKey(what: string, key: string, most: number): string {
  if (key.length > most || !PRINTABLE.test(key)) throw new Failure('MESSAGES_KEY', { what, most });
  return key;
}

/** A channel of a system: `claims` of `kz.population/register` is `kz.population/register/claims`. */
export const channelOf = (system: SystemId, channel: string): string => serviceName({ ...system, service: channel });

/** @throws Failure MESSAGES_RECEIVER_UNKNOWN */
export function demandReceiverState({ trust }: Pick<MessagesContext, 'trust'>, channel: ServiceId): string {
  const state = stateOfAgency(channel.agency);
  const isKnown =
    trust.states().includes(state) && trust.manifest(state).agencies.some(({ id }) => id === channel.agency);
  if (!isKnown) throw new Failure('MESSAGES_RECEIVER_UNKNOWN', { channel: serviceName(channel) });
  return state;
}

/**
 * The lane of the exchange in which a message travels: one for each key of a sender at a channel, so that a key's messages arrive in
 * their order and no key holds up another.
 */
export function laneOf(sender: string, channel: string, key: string | undefined, id: string): string {
  const place = key === undefined ? `spread ${Number.parseInt(id.slice(-2), 16) % SPREAD}` : `key ${key}`;
  return `message/${sha256(`${sender} ${channel} ${place}`).toString('hex').slice(0, 40)}`;
}

/** The lane of what is told about the messages of a channel. */
export const outcomeLane = (channel: string): string => `outcome/${sha256(channel).toString('hex').slice(0, 40)}`;
