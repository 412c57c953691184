import { deflateSync, inflateSync } from 'node:zlib';
import { Failure } from '../../storage/index.ts';

/** Widths that the draft knows; two tell suspension from revocation. */
export type StatusBits = 1 | 2 | 4 | 8;

/** Larger lists than this are refused: a few bytes could otherwise unfold to gigabytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Packs the statuses of a list: index 0 in the lowest bits of byte 0 (Token Status List section 4.1), then ZLIB at its
 * best level.
 * @param size number of places; a multiple of 8
 * @param statuses places whose status is not 0
 */
export function packStatuses(
  size: number,
  bits: StatusBits,
  statuses: Iterable<readonly [index: number, status: number]>,
): Buffer {
  const bytes = new Uint8Array((size * bits) / 8);
  for (const [index, status] of statuses) {
    if (index < 0 || index >= size || status < 0 || status >= 2 ** bits) throw new RangeError(`no place ${index}`);
    const bit = index * bits;
    bytes[bit >> 3] = (bytes[bit >> 3] as number) | (status << (bit & 7));
  }
  return deflateSync(bytes, { level: 9 });
}

/**
 * The status at one place of a packed list.
 * @throws Failure DOCUMENTS_STATUS_FORM, DOCUMENTS_STATUS_INDEX
 * @example statusAt(packStatuses(16, 1, [[3, 1]]), 1, 3) // 1
 */
export function statusAt(packed: Uint8Array, bits: StatusBits, index: number): number {
  let bytes: Buffer;
  try {
    bytes = inflateSync(packed, { maxOutputLength: MOST_BYTES });
  } catch {
    throw new Failure('DOCUMENTS_STATUS_FORM', { reason: 'it cannot be unpacked' });
  }
  const bit = index * bits;
  const byte = bytes[bit >> 3];
  if (index < 0 || byte === undefined) throw new Failure('DOCUMENTS_STATUS_INDEX', { index });
  return (byte >> (bit & 7)) & (2 ** bits - 1);
}
