import { sha256 } from '../../crypto/index.ts';
import type { MessageHead } from './head.ts';
import { MESSAGE_LEAF, prefixedHash } from './tree.ts';

/** A message as it travels: the exact bytes of head and body, and the salt that keeps its leaf from telling anything. */
export interface WireMessage {
  /** 32 random bytes. */
  salt: Uint8Array;
  head: Uint8Array;
  body: Uint8Array;
}

/** What a message's leaf is made of. */
interface LeafParts {
  salt: Uint8Array;
  type: string;
  headDigest: Uint8Array;
  bodyDigest: Uint8Array;
  id: string;
}

/**
 * The leaf hash of a message: SHA-256(0x10 | salt (32) | length of type (1) | type | SHA-256(head) (32) | SHA-256(body) (32) | id (16)).
 * The salt travels and is kept with the message: once it is erased, the leaf can be shown beside others and says nothing.
 */
export function messageLeaf({ salt, type, headDigest, bodyDigest, id }: LeafParts): Buffer {
  const name = Buffer.from(type);
  return prefixedHash(MESSAGE_LEAF, salt, Buffer.of(name.length), name, headDigest, bodyDigest, uuidBytes(id));
}

/** The leaf of a message whose head was read. */
export function leafOfMessage(message: WireMessage, head: MessageHead): Buffer {
  const { salt } = message;
  const headDigest = sha256(message.head);
  return messageLeaf({ salt, type: head.type, headDigest, bodyDigest: sha256(message.body), id: head.id });
}

/** The 16 bytes of a UUID. */
function uuidBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}
