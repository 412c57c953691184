import { concat, uint64, utf8 } from './bytes.ts';

/**
 * What a witness signs (c2sp.org/tlog-cosignature, Ed25519): two lines of its own, then the checkpoint's text. `time` is in
 * whole POSIX seconds, `text` the note's text with its last newline.
 */
export function cosignatureMessage(time: number, text: string): Uint8Array<ArrayBuffer> {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** The value of a cosignature line: the time in 8 bytes, then the signature. */
export function cosignatureValue(time: number, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(uint64(time), signature);
}

/** Takes a cosignature's value apart; undefined where it has no such form. */
export function readCosignature(value: Uint8Array): { time: number; signature: Uint8Array } | undefined {
  if (value.length !== 72) return undefined;
  const time = new DataView(value.buffer, value.byteOffset).getBigUint64(0);
  // A cosignature must bear a time; one beyond the calendar of RFC 3339 is no time.
  if (time === 0n || time > 253402300799n) return undefined;
  return { time: Number(time), signature: value.subarray(8) };
}
