import { Failure } from '../../storage/index.ts';

/** What our paper codes are made of: the part of CBOR (RFC 8949) that COSE_Sign1 and CWT claims need. */
export type Cbor = null | boolean | number | string | Uint8Array | Cbor[] | Map<number | string, Cbor>;

const DEEPEST = 16;

/**
 * Deterministic CBOR (RFC 8949 section 4.2.1): shortest heads, map keys in the order of their bytes. Numbers that are no whole
 * number are always written as 64-bit floats.
 * @throws RangeError for numbers beyond 2^53
 */
export function encodeCbor(value: Cbor): Buffer {
  if (value === null) return Buffer.from([0xf6]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([head(3, text.length), text]);
  }
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encodeCbor)]);
  const entries = [...value].map(([key, member]) => ({ key: encodeCbor(key), member: encodeCbor(member) }));
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(({ key, member }) => [key, member])]);
}

/**
 * Reads CBOR that is exactly in the form above: what is read and written again must be the same bytes, so that every byte counts
 * and no map names a key twice.
 * @throws Failure DOCUMENTS_PAPER_FORM
 */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let value: Cbor;
  let again: Buffer;
  try {
    value = read(0);
    again = encodeCbor(value);
  } catch {
    throw malformed('it is not CBOR');
  }
  if (at !== bytes.length || !again.equals(bytes)) throw malformed('it is not in its one form');
  return value;

  function read(depth: number): Cbor {
    if (depth > DEEPEST) throw new RangeError('deep');
    const first = view.getUint8(at++);
    const kind = first >> 5;
    if (kind === 7) return readSimple(first & 31);
    const size = readSize(first & 31);
    if (kind === 0) return size;
    if (kind === 1) return -1 - size;
    // Each element takes at least one byte: a size beyond what is left is a lie.
    if (size > bytes.length - at) throw new RangeError('size');
    if (kind === 2) return take(size);
    if (kind === 3) return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(take(size));
    if (kind === 4) return Array.from({ length: size }, () => read(depth + 1));
    if (kind === 5) return readMap(size, depth);
    throw new RangeError('kind');
  }

  function readMap(size: number, depth: number): Cbor {
    const map = new Map<number | string, Cbor>();
    for (let index = 0; index < size; index++) {
      const key = read(depth + 1);
      if (typeof key !== 'number' && typeof key !== 'string') throw new RangeError('key');
      map.set(key, read(depth + 1));
    }
    return map;
  }

  function readSimple(detail: number): Cbor {
    if (detail === 20) return false;
    if (detail === 21) return true;
    if (detail === 22) return null;
    if (detail !== 27) throw new RangeError('simple');
    at += 8;
    return view.getFloat64(at - 8);
  }

  function readSize(detail: number): number {
    if (detail < 24) return detail;
    const width = [1, 2, 4, 8][detail - 24];
    if (width === undefined) throw new RangeError('head');
    at += width;
    if (width === 1) return view.getUint8(at - 1);
    if (width === 2) return view.getUint16(at - 2);
    if (width === 4) return view.getUint32(at - 4);
    return Number(view.getBigUint64(at - 8));
  }

  function take(size: number): Uint8Array {
    at += size;
    return bytes.slice(at - size, at);
  }
}

function encodeNumber(value: number): Buffer {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return value < 0 ? head(1, -1 - value) : head(0, value);
  if (!Number.isFinite(value) || Number.isInteger(value)) throw new RangeError('number');
  const bytes = Buffer.alloc(9);
  bytes[0] = 0xfb;
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function head(kind: number, size: number): Buffer {
  const top = kind << 5;
  if (size < 24) return Buffer.from([top | size]);
  if (size < 0x100) return Buffer.from([top | 24, size]);
  if (size < 0x1_0000) return Buffer.from([top | 25, size >> 8, size & 255]);
  const bytes = Buffer.alloc(size < 0x1_0000_0000 ? 5 : 9);
  bytes[0] = top | (bytes.length === 5 ? 26 : 27);
  if (bytes.length === 5) bytes.writeUInt32BE(size, 1);
  else bytes.writeBigUInt64BE(BigInt(size), 1);
  return bytes;
}

const malformed = (reason: string): Failure => new Failure('DOCUMENTS_PAPER_FORM', { reason });
