import type { CloudEvent } from '../../client/index.ts';
import { sha256 } from '../../crypto/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { LIMITS } from '../limits.ts';
import { demandKey, demandType } from '../names.ts';

const BLANK_OR_CONTROL = /[\s\p{Cc}]/u;

/**
 * That an event is one of CloudEvents 1.0 as we take them.
 * @throws Failure MESSAGES_EVENT, MESSAGES_TYPE, MESSAGES_KEY, MESSAGES_TOO_LARGE
 */
export function demandEvent(event: CloudEvent): void {
  const unfit = (reason: string) => new Failure('MESSAGES_EVENT', { reason });
  if (event.id === '' || event.source === '') throw unfit('id and source are not empty');
  if (BLANK_OR_CONTROL.test(event.source)) throw unfit('the source is no URI reference');
  demandType(event.type);
  if (event.partitionkey !== undefined) demandKey('partitionkey', event.partitionkey, 200);
  if (event.data !== undefined && event.data_base64 !== undefined) throw unfit('it has data and data_base64');
  if (event.data !== undefined && !isJsonType(event.datacontenttype) && typeof event.data !== 'string')
    throw unfit('its data are JSON and its datacontenttype says otherwise');
  const size = Buffer.byteLength(JSON.stringify(event));
  if (size > LIMITS.event.bytes) throw new Failure('MESSAGES_TOO_LARGE', { size, most: LIMITS.event.bytes });
}

/** The ordering key of an event. A subject may be a person's: an operator who lists messages sees its digest alone. */
export function keyOf({ partitionkey, subject }: CloudEvent): string | undefined {
  if (partitionkey !== undefined) return partitionkey;
  return subject === undefined ? undefined : `subject/${sha256(subject).toString('hex').slice(0, 32)}`;
}

/** The JSON value of its data; undefined where they are none. */
export const jsonDataOf = ({ data, datacontenttype }: CloudEvent): Json | undefined =>
  isJsonType(datacontenttype) ? data : undefined;

/** JSON is what data are where nothing else is said. */
const isJsonType = (type: string | undefined): boolean =>
  type === undefined || /^application\/([a-z0-9.+-]+\+)?json\s*(;|$)/i.test(type);
