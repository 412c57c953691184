import { join, resolve } from 'node:path';
import { Failure, findEmbedded, shiftedClock, systemClock } from '../../storage/index.ts';
import { bringContent, contentOf, demandContent } from './content.ts';
import { type Databases, openDatabases, stopDatabases } from './databases.ts';
import { seedAccess, startExampleService } from './example-service.ts';
import { importSeeds, writeFoundation } from './found.ts';
import { blockFrom, type HeldPorts, holdFreeBlock, holdPorts } from './ports.ts';
import { publishShipped } from './publish-shipped.ts';
import { type LocalState, type RunOptions, runNodes } from './run-nodes.ts';
import { lockFolder } from './running-file.ts';
import { readUnionSeed } from './seeds.ts';
import { openStateStore } from './state-store.ts';
import { emptyFolder, findUnionFile, places, prepareFolder, type UnionFile, writeUnionFile } from './union-folder.ts';

export interface OpenUnionOptions extends RunOptions {
  /** Where the union is, or will be. */
  folder: string;
  /** Where anchors are pinned; default `anchors` beside the folder. */
  anchors?: string;
  /** Deletes what is there first. Whoever sets this has asked. */
  fresh?: boolean;
  /** First of the ports, for a new union: portals in the states' order, then exchanges, then doors. Default: the first free block from 4700. */
  port?: number;
  /** For a new union: how far its clocks are ahead of the machine's. */
  clockOffsetMs?: number;
  /** For a new union: days until its charter expires; default 365. */
  charterDays?: number;
  /** For a new union: a folder whose agreements, registers and seeds are laid over the checkout's. */
  brought?: string;
  /** Gives up: what was started is stopped, and the opening fails with CLI_INTERRUPTED. */
  signal?: AbortSignal;
}

/** A union that runs on this machine. */
export interface LocalUnion {
  folder: string;
  /** Where this machine's anchors are. */
  anchors: string;
  clockOffsetMs: number;
  /** Whether it was founded just now. */
  founded: boolean;
  states: LocalState[];
  /** @throws Failure CLI_STATE_UNKNOWN */
  state(code: string): LocalState;
  /** Ends the nodes, then the database server. */
  stop(): Promise<void>;
}

const READY_MS = 90_000;

/**
 * Opens the union in a folder: founds it where there is none, starts its databases and one process per state, waits until all are
 * ready, and from then on starts again whatever ends by itself.
 *
 * @throws Failure CLI_*, STORAGE_*, UNION_*; nothing is left running then
 * @example
 * const union = await openUnion({ folder: 'var/union', root: process.cwd() });
 * console.log(union.state('kz').portal);
 * await union.stop();
 */
export async function openUnion(options: OpenUnionOptions): Promise<LocalUnion> {
  const folder = resolve(options.folder);
  const onProgress = options.onProgress ?? (() => undefined);
  const before = findUnionFile(folder);
  const { brought } = options;
  if (brought !== undefined) {
    if (before !== undefined && options.fresh !== true) throw new Failure('CLI_WITH_FOUNDED', { folder });
    await demandContent(options.root, brought);
  }
  prepareFolder(folder, before === undefined || options.fresh === true);
  const lock = lockFolder(folder, systemClock.now());
  const closing: (() => Promise<void> | void)[] = [() => lock.release()];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  const orInterrupted = interruption(options.signal);
  try {
    const resumed = options.fresh ? undefined : findUnionFile(folder);
    if (resumed === undefined) {
      await findEmbedded(places(folder).postgres)?.stop();
      emptyFolder(folder);
      if (brought !== undefined) bringContent(folder, options.root, brought);
    }
    const held = await holdTheirPorts(folder, options, resumed ?? before);
    closing.push(() => held.release());
    const file = resumed ?? begin(folder, options, held.ports);
    const states = file.states.map(({ state }) => state);
    const databases = await openDatabases(folder, {
      root: options.root,
      states,
      env: options.env ?? process.env,
      onProgress,
    });
    closing.push(() => stopDatabases(databases));
    const anchors = resolve(options.anchors ?? join(folder, '..', 'anchors'));
    if (resumed === undefined) await found(folder, options, file, databases, anchors, onProgress);
    await publishShipped({ folder, root: contentOf(folder, options.root), file, urls: databases.urls, onProgress });
    await orInterrupted(held.handOver());
    if (file.example !== undefined)
      closing.push(await startExampleService(file.example, shiftedClock(file.clockOffsetMs)));
    onProgress('starting the nodes');
    const running = runNodes(folder, options, file, databases, lock);
    closing.push(() => running.stop());
    await orInterrupted(Promise.all(running.states.map(({ process }) => process.ready(READY_MS))));
    return {
      folder,
      anchors,
      clockOffsetMs: file.clockOffsetMs,
      founded: resumed === undefined,
      states: running.states,
      state(code) {
        const found = running.states.find(({ state }) => state === code);
        if (found === undefined) throw new Failure('CLI_STATE_UNKNOWN', { state: code, states: states.join(', ') });
        return found;
      },
      stop: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Makes a wait that ends early when whoever opens the union gives up. */
function interruption(signal: AbortSignal | undefined): <T>(work: Promise<T>) => Promise<T> {
  if (signal === undefined) return (work) => work;
  const interrupted = new Promise<never>((_, fail) => {
    const give = () => fail(new Failure('CLI_INTERRUPTED'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  interrupted.catch(() => undefined);
  return (work) => Promise.race([interrupted, work]);
}

/** The union's own ports, or new ones: held until the nodes take them, so that nobody else does meanwhile. */
async function holdTheirPorts(
  folder: string,
  options: OpenUnionOptions,
  known: UnionFile | undefined,
): Promise<HeldPorts> {
  const first = known?.states[0]?.portal;
  if (known !== undefined && first !== undefined) {
    if (options.port !== undefined && options.port !== first && !options.fresh)
      throw new Failure('CLI_PORTS_FIXED', { folder, port: first });
    const doors = known.states.flatMap(({ door }) => (door === undefined ? [] : [door]));
    const ports = [
      ...known.states.map(({ portal }) => portal),
      ...known.states.map(({ exchange }) => exchange),
      ...doors,
      ...(known.example === undefined ? [] : [known.example]),
    ];
    if (!options.fresh) return holdPorts(ports, folder);
    // A fresh union prefers the addresses of the one before.
    if (options.port === undefined) return holdPorts(ports, folder).catch(() => holdFreeBlock(ports.length));
  }
  const size = readUnionSeed(options.root).states.length * 3 + 1;
  return options.port === undefined ? holdFreeBlock(size) : holdPorts(blockFrom(options.port, size), folder);
}

function begin(folder: string, options: OpenUnionOptions, ports: readonly number[]): UnionFile {
  const seed = readUnionSeed(options.root);
  const codes = seed.states.map(({ state }) => state).sort();
  const file: UnionFile = {
    commonway: 'union',
    format: 1,
    name: seed.name,
    stage: 'founding',
    created: systemClock.now(),
    clockOffsetMs: options.clockOffsetMs ?? 0,
    ...(ports[3 * codes.length] !== undefined && { example: ports[3 * codes.length] as number }),
    states: codes.map((state, place) => ({
      state,
      portal: ports[place] ?? 0,
      exchange: ports[codes.length + place] ?? 0,
      ...(ports[2 * codes.length + place] !== undefined && { door: ports[2 * codes.length + place] as number }),
    })),
  };
  writeUnionFile(folder, file);
  return file;
}

async function found(
  folder: string,
  options: OpenUnionOptions,
  file: UnionFile,
  databases: Databases,
  anchors: string,
  onProgress: (line: string) => void,
): Promise<void> {
  onProgress('founding the union: charter, manifests, keys');
  const clock = shiftedClock(file.clockOffsetMs);
  const at = clock.now();
  const expires = new Date(Date.parse(at) + (options.charterDays ?? 365) * 86_400_000).toISOString();
  const content = contentOf(folder, options.root);
  const seed = readUnionSeed(content);
  writeFoundation({ folder, anchors, seed, ports: file.states, at, expires });
  onProgress('filling the registers');
  const counts = await Promise.all(
    file.states.map(({ state }) =>
      importSeeds({
        root: content,
        own: options.root,
        state,
        databaseUrl: databases.urls[state] ?? '',
        clock,
        onProgress,
      }),
    ),
  );
  const taken = counts.reduce((sum, one) => sum + one.taken, 0);
  const refused = counts.reduce((sum, one) => sum + one.refused, 0);
  onProgress(`registers filled: ${taken} rows taken, ${refused} wrong ones refused`);
  for (const { state } of file.example === undefined ? [] : file.states) {
    const store = await openStateStore(folder, file, state, databases.urls[state] ?? '');
    await seedAccess(
      store,
      options.root,
      file.states.map((one) => one.state),
      file.example ?? 0,
    ).finally(() => store.db.close());
  }
  writeUnionFile(folder, { ...file, stage: 'founded' });
}
