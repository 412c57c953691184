import { sha256 } from './canonical.ts';
import { isSignedBy, type ListedKey, rawKey } from './signatures.ts';

/** A C2SP checkpoint that was read; its signatures are asked for below. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
  /** Its three lines, as they were signed. */
  text: string;
  lines: { name: string; id: string; value: Buffer }[];
}

/** Reads a signed note (c2sp.org/signed-note) that holds a checkpoint (c2sp.org/tlog-checkpoint). */
export function readCheckpoint(note: string): Checkpoint {
  const end = note.indexOf('\n\n');
  const text = note.slice(0, end + 1);
  const [origin = '', size = '', root = ''] = text.split('\n');
  const lines = note
    .slice(end + 2)
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, name = '', value = ''] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = Buffer.from(value, 'base64');
      return { name, id: bytes.subarray(0, 4).toString('hex'), value: bytes.subarray(4) };
    });
  return { origin, size: Number(size), root: Buffer.from(root, 'base64'), text, lines };
}

function lineOf({ lines }: Checkpoint, name: string, type: number, key: ListedKey) {
  const id = sha256(`${name}\n`, Buffer.of(type), rawKey(key)).subarray(0, 4).toString('hex');
  return lines.find((line) => line.name === name && line.id === id);
}

/** Whether the log itself signed a checkpoint. */
export function isOfLog(checkpoint: Checkpoint, key: ListedKey): boolean {
  const line = lineOf(checkpoint, checkpoint.origin, 1, key);
  return line !== undefined && isSignedBy(key, Buffer.from(checkpoint.text), line.value);
}

/** Whether a witness cosigned a checkpoint, and at a time (c2sp.org/tlog-cosignature). */
export function isSeenBy(checkpoint: Checkpoint, name: string, key: ListedKey): boolean {
  const line = lineOf(checkpoint, name, 4, key);
  if (line === undefined || line.value.length !== 72) return false;
  const time = line.value.readBigUInt64BE(0);
  const signed = Buffer.from(`cosignature/v1\ntime ${time}\n${checkpoint.text}`);
  return time > 0n && isSignedBy(key, signed, line.value.subarray(8));
}
