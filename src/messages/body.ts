import { parseSystemName } from '../access/index.ts';
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
  /** Of the subscription that it answers, where it is an event. */
  subscription?: string | undefined;
}

/** JSON travels as it is, so that the signed message can be read; anything else as base64. */
export function deliverBody({ sender, channel, type, key, subscription, contentType, bytes }: DeliverBody): Json {
  const content: { [key: string]: Json } =
    contentType === JSON_TYPE
      ? { json: JSON.parse(bytes.toString('utf8')) as Json }
      : { base64: bytes.toString('base64') };
  return {
    sender,
    channel,
    type,
    ...(key !== undefined && { key }),
    ...(subscription !== undefined && { subscription }),
    contentType,
    ...content,
  };
}

/** @throws Failure MESSAGES_MALFORMED */
export function readDeliverBody(body: Json): DeliverBody {
  const malformed = () => new Failure('MESSAGES_MALFORMED');
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw malformed();
  const { sender, channel, type, key, subscription, contentType, json, base64 } = body;
  const isJson = contentType === JSON_TYPE && json !== undefined;
  const texts = [sender, channel, type, contentType, isJson ? '' : base64, key ?? '', subscription ?? ''];
  if (!texts.every((text) => typeof text === 'string')) throw malformed();
  parseSystemName(sender as string);
  return {
    sender: sender as string,
    channel: channel as string,
    type: type as string,
    key: key as string | undefined,
    subscription: subscription as string | undefined,
    contentType: contentType as string,
    bytes: isJson ? Buffer.from(JSON.stringify(json), 'utf8') : Buffer.from(base64 as string, 'base64'),
  };
}
