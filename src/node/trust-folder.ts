import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describeError, isFailure } from '../storage/index.ts';
import { raiseAlarm, readUnionFolder } from '../union/index.ts';
import type { NodeContext } from './context.ts';

/** How often the folder is looked at; it is a listing of a few names. */
const LOOK_MS = 1_000;

/**
 * Watches the folder into which an operator puts charters, manifests and ratifications, and takes over what is new without a restart. What
 * does not hold changes nothing and is an alarm `files-refused` (at a start it stops the node: there nothing depends on it yet).
 * @param options.taken told after something new was taken
 * @returns what stops it
 */
export function watchTrustFolder(
  ctx: Pick<NodeContext, 'db' | 'clock' | 'trust'>,
  options: { folder: string; taken(count: number): void; report(place: string, error: unknown): void; lookMs?: number },
): { stop(): Promise<void> } {
  const { trust } = ctx;
  const { folder, report } = options;
  let seen = listing(folder);
  let working: Promise<void> | undefined;
  const take = async (): Promise<void> => {
    try {
      const count = await trust.take(readUnionFolder(folder));
      if (count > 0) options.taken(count);
    } catch (error) {
      report('trust folder', error);
      if (!isFailure(error)) return;
      const detail = { code: error.code, reason: describeError(error) };
      await raiseAlarm(ctx.db, { kind: 'files-refused', peer: trust.self, cause: error.code, detail }, ctx.clock.now());
    }
  };
  const look = async (): Promise<void> => {
    const now = listing(folder);
    if (now === seen) return trust.refresh();
    seen = now;
    await take();
  };
  const timer = setInterval(() => {
    working ??= look()
      .catch((error: unknown) => report('trust folder', error))
      .finally(() => {
        working = undefined;
      });
  }, options.lookMs ?? LOOK_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await working;
    },
  };
}

/** Names, sizes and times of all that is there. A file that is just being written has a name that does not count. */
function listing(folder: string): string {
  return ['charters', 'manifests', 'ratifications']
    .flatMap((part) => {
      let names: string[] = [];
      try {
        names = readdirSync(join(folder, part)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
      } catch {
        return [];
      }
      return names.sort().map((name) => {
        const { size, mtimeMs } = statSync(join(folder, part, name), { throwIfNoEntry: false }) ?? {
          size: 0,
          mtimeMs: 0,
        };
        return `${part}/${name} ${size} ${mtimeMs}`;
      });
    })
    .join('\n');
}
