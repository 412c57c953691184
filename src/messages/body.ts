import Type from 'typebox';
import { Value } from 'typebox/value';
import { type NamedPerson, type Purpose, parseSystemName } from '../access/index.ts';
import { Failure, type Json } from '../storage/index.ts';
import { JSON_TYPE, type PackedContent } from './content.ts';

/** What the exchange carries for a message between two systems. */
export interface DeliverBody extends PackedContent {
  /** `by.pension-fund/registry` */
  sender: string;
  /** `kz.population/register/claims` */
  channel: string;
  type: string;
  key?: string | undefined;
  /** Where it is an event: the subscription that it answers, whom it names (each with her state), and what the grant is for. */
  event?: { subscription: string; persons: NamedPerson[]; purpose: Purpose } | undefined;
}

const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const EventFacts = Type.Object({
  subscription: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  persons: Type.Array(Type.Object({ number: text(64), state: Type.String({ pattern: '^[a-z]{2}$' }) }), {
    maxItems: 1000,
  }),
  purpose: Type.Union([Type.Object({ agreement: text(100), article: text(60) }), Type.Object({ ground: text(500) })]),
});

/** JSON travels as it is, so that the signed message can be read; anything else as base64. */
export function deliverBody({ sender, channel, type, key, event, contentType, bytes }: DeliverBody): Json {
  const content: { [key: string]: Json } =
    contentType === JSON_TYPE
      ? { json: JSON.parse(bytes.toString('utf8')) as Json }
      : { base64: bytes.toString('base64') };
  return {
    sender,
    channel,
    type,
    ...(key !== undefined && { key }),
    ...(event !== undefined && { event: event as unknown as Json }),
    contentType,
    ...content,
  };
}

/** @throws Failure MESSAGES_MALFORMED */
export function readDeliverBody(body: Json): DeliverBody {
  const malformed = () => new Failure('MESSAGES_MALFORMED');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed();
  const { sender, channel, type, key, event, contentType, json, base64 } = body;
  const isJson = contentType === JSON_TYPE && json !== undefined;
  const texts = [sender, channel, type, contentType, isJson ? '' : base64, key ?? ''];
  if (!texts.every((text) => typeof text === 'string')) throw malformed();
  if (event !== undefined && !Value.Check(EventFacts, event)) throw malformed();
  parseSystemName(sender as string);
  return {
    sender: sender as string,
    channel: channel as string,
    type: type as string,
    key: key as string | undefined,
    event,
    contentType: contentType as string,
    bytes: isJson ? Buffer.from(JSON.stringify(json), 'utf8') : Buffer.from(base64 as string, 'base64'),
  };
}
