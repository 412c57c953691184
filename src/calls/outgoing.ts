import { randomBytes } from '../crypto/index.ts';
import type { CallsContext } from './context.ts';
import type { Journal } from './journal.ts';
import { LIMITS } from './limits.ts';
import { type Batch, makeBatch } from './protocol/batch.ts';
import type { Entry } from './protocol/entries.ts';

/** What leaves over one connection: signed, durable, then written. */
export interface Outgoing {
  /** Signs, logs and sends an entry. @returns its leaf and its batch, once it is durable and on the connection */
  leave(entry: Omit<Entry, 'salt'>): Promise<Gone>;
  /** The same for what nobody waits for: it travels with the next batch, and soon in any case. */
  leaveSoon(entry: Omit<Entry, 'salt'>): void;
  isEmpty(): boolean;
  close(error: Error): void;
}

export interface Gone {
  leaf: Buffer;
  batch: string;
}

interface Waiting {
  entry: Entry;
  gone(gone: Gone): void;
  failed(error: unknown): void;
}

/** What nobody waits for waits this long for something that it can travel with. */
const SOON_MS = 50;

/**
 * Gathers entries while the journal is busy with those before, and makes batches of what has gathered.
 * @param write puts a batch on the connection
 * @param settled told after each change of what waits
 */
export function openOutgoing(
  ctx: CallsContext,
  around: {
    peer: string;
    journal: Journal;
    namesIn(entries: readonly Entry[]): string[];
    write(frame: Buffer): void;
    settled(): void;
  },
): Outgoing {
  const { peer, journal, namesIn, write, settled } = around;
  let waiting: Waiting[] = [];
  let turned = false;
  let soon: NodeJS.Timeout | undefined;
  let closed: Error | undefined;

  const makeBatches = (taken: readonly Waiting[]) =>
    partsOf(taken).map((part) => {
      const sender = { trust: ctx.trust, key: ctx.keys.messages, now: ctx.clock.now() };
      const entries = part.map(({ entry }) => entry);
      return { part, batch: makeBatch(sender, peer, entries) };
    });
  const takeTurn = (): void => {
    if (turned || closed !== undefined || waiting.length === 0) return;
    turned = true;
    let made: { part: Waiting[]; batch: Batch & { frame: Buffer } }[] = [];
    journal.add({
      make() {
        turned = false;
        const taken = waiting;
        waiting = [];
        made = makeBatches(taken);
        return made.map(({ batch }) => ({ direction: 'out', peer, batch, names: namesIn(batch.entries) }));
      },
      durable() {
        for (const { part, batch } of made) {
          write(batch.frame);
          for (const [place, { gone }] of part.entries())
            gone({ leaf: batch.leaves[place] as Buffer, batch: batch.envelope.id });
        }
        settled();
      },
      failed(error) {
        for (const { part } of made) for (const one of part) one.failed(error);
        settled();
      },
    });
  };
  return {
    leave: (entry) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined) return reject(closed);
        waiting.push({ entry: { ...entry, salt: freshSalt() }, gone: resolve, failed: reject });
        takeTurn();
      }),
    leaveSoon(entry) {
      if (closed !== undefined) return;
      waiting.push({ entry: { ...entry, salt: freshSalt() }, gone: () => undefined, failed: () => undefined });
      soon ??= setTimeout(() => {
        soon = undefined;
        takeTurn();
      }, SOON_MS);
      if (waiting.length >= LIMITS.entries) takeTurn();
    },
    isEmpty: () => waiting.length === 0,
    close(error) {
      closed = error;
      clearTimeout(soon);
      for (const one of waiting.splice(0)) one.failed(error);
    },
  };
}

/** What gathered, in batches: those that want a signature of their own, and the others together as far as they fit. */
function partsOf(waiting: readonly Waiting[]): Waiting[][] {
  const parts: Waiting[][] = [];
  let part: Waiting[] = [];
  let bytes = 0;
  for (const one of waiting) {
    const { alone, headBytes, content } = one.entry;
    if (alone) {
      parts.push([one]);
      continue;
    }
    const size = 200 + (headBytes?.length ?? 0) + (content instanceof Buffer ? content.length : 0);
    if (part.length >= LIMITS.entries || bytes + size > LIMITS.batchBytes) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(one);
    bytes += size;
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/** Random bytes cost a call of the system each time: many salts are drawn at once. */
let salts: Buffer = Buffer.alloc(0);

function freshSalt(): Buffer {
  if (salts.length === 0) salts = randomBytes(128 * 32);
  const salt = salts.subarray(0, 32);
  salts = salts.subarray(32);
  return salt;
}
