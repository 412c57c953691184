import { Failure, type Json } from '../storage/index.ts';
import { LIMITS } from './limits.ts';

/** What a message carries: a JSON value, or bytes of some type. */
export type Content = { json: Json } | { bytes: Uint8Array; contentType: string };

/** A content as it is stored and travels between nodes. */
export interface PackedContent {
  contentType: string;
  bytes: Buffer;
}

const MEDIA_TYPE =
  /^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}(; ?[a-z]{1,20}=[A-Za-z0-9._-]{1,40})?$/;

/** JSON is a value: its spelling does not travel. */
export const JSON_TYPE = 'application/json';

/** @throws Failure MESSAGES_CONTENT, MESSAGES_TOO_LARGE */
export function packContent(content: Content): PackedContent {
  const packed =
    'json' in content
      ? { contentType: JSON_TYPE, bytes: Buffer.from(JSON.stringify(content.json), 'utf8') }
      : { contentType: content.contentType, bytes: Buffer.from(content.bytes) };
  if (packed.contentType === JSON_TYPE && !('json' in content))
    throw new Failure('MESSAGES_CONTENT', { reason: 'JSON is given as a value' });
  if (!MEDIA_TYPE.test(packed.contentType))
    throw new Failure('MESSAGES_CONTENT', { reason: 'its type is no media type' });
  if (packed.bytes.length > LIMITS.contentBytes)
    throw new Failure('MESSAGES_TOO_LARGE', { size: packed.bytes.length, most: LIMITS.contentBytes });
  return packed;
}

/** A stored content as its reader gets it: JSON as the value, else bytes in base64. */
export function unpackContent({ contentType, bytes }: PackedContent): { data: Json } | { dataBase64: string } {
  if (contentType === JSON_TYPE) return { data: JSON.parse(bytes.toString('utf8')) as Json };
  return { dataBase64: bytes.toString('base64') };
}
