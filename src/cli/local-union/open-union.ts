import { existsSync, mkdirSync, utimes } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { NodeConfig } from '../../node/index.ts';
import { describeError, Failure, findEmbedded, shiftedClock, systemClock } from '../../storage/index.ts';
import { type Databases, openDatabases } from './databases.ts';
import { importSeeds, portalUrl, ratifyShipped, writeFoundation } from './found.ts';
import { type NodeProcess, nodeProcess } from './node-process.ts';
import { blockFrom, type HeldPorts, holdFreeBlock, holdPorts } from './ports.ts';
import { type FolderLock, lockFolder } from './running-file.ts';
import { readUnionSeed } from './seeds.ts';
import {
  emptyFolder,
  findUnionFile,
  places,
  prepareFolder,
  type StatePorts,
  type UnionFile,
  writeUnionFile,
  writeWhole,
} from './union-folder.ts';

export interface OpenUnionOptions {
  /** Where the union is, or will be. */
  folder: string;
  /** The checkout. */
  root: string;
  /** Where anchors are pinned; default `anchors` beside the folder. */
  anchors?: string;
  /** The program whose `node` command runs a node; default: this one. */
  program?: string;
  /** Deletes what is there first. Whoever sets this has asked. */
  fresh?: boolean;
  /** First of the ports, for a new union: portals in the states' order, then exchanges. Default: the first free block from 4700. */
  port?: number;
  /** For a new union: how far its clocks are ahead of the machine's. */
  clockOffsetMs?: number;
  /** For a new union: days until its charter expires; default 365. */
  charterDays?: number;
  env?: Readonly<Record<string, string | undefined>>;
  onProgress?(line: string): void;
}

/** A state's node in a union that runs on this machine. */
export interface LocalState {
  state: string;
  /** `http://kz.localhost:4703` */
  portal: string;
  portalPort: number;
  exchangePort: number;
  /** Its own folder: keys, trust, node.json, node.log. */
  folder: string;
  databaseUrl: string;
  process: NodeProcess;
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
  prepareFolder(folder, before === undefined || options.fresh === true);
  const lock = lockFolder(folder, systemClock.now());
  const closing: (() => Promise<void> | void)[] = [() => lock.release()];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const resumed = options.fresh ? undefined : findUnionFile(folder);
    if (resumed === undefined) {
      await findEmbedded(places(folder).postgres)?.stop();
      emptyFolder(folder);
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
    closing.push(async () => databases.server?.stop());
    const anchors = resolve(options.anchors ?? join(folder, '..', 'anchors'));
    if (resumed === undefined) await found(folder, options, file, databases, anchors, onProgress);
    const clock = shiftedClock(file.clockOffsetMs);
    await ratifyShipped(folder, options.root, states, clock);
    await held.release();
    onProgress('starting the nodes');
    const running = startNodes(folder, options, file, databases, lock, onProgress);
    closing.push(() => running.stop());
    await Promise.all(running.states.map(({ process }) => process.ready(READY_MS)));
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
    const ports = [...known.states.map(({ portal }) => portal), ...known.states.map(({ exchange }) => exchange)];
    if (!options.fresh) return holdPorts(ports, folder);
    // A fresh union prefers the addresses of the one before.
    if (options.port === undefined) return holdPorts(ports, folder).catch(() => holdFreeBlock(ports.length));
  }
  const size = readUnionSeed(options.root).states.length * 2;
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
    states: codes.map((state, place) => ({
      state,
      portal: ports[place] ?? 0,
      exchange: ports[codes.length + place] ?? 0,
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
  const seed = readUnionSeed(options.root);
  writeFoundation({ folder, anchors, seed, ports: file.states, at, expires });
  onProgress('filling the registers');
  const counts = await Promise.all(
    file.states.map(({ state }) =>
      importSeeds({ root: options.root, state, databaseUrl: databases.urls[state] ?? '', clock }),
    ),
  );
  const taken = counts.reduce((sum, one) => sum + one.taken, 0);
  const refused = counts.reduce((sum, one) => sum + one.refused, 0);
  onProgress(`registers filled: ${taken} rows taken, ${refused} wrong ones refused`);
  writeUnionFile(folder, { ...file, stage: 'founded' });
}

interface RunningNodes {
  states: LocalState[];
  stop(): Promise<void>;
}

function startNodes(
  folder: string,
  options: OpenUnionOptions,
  file: UnionFile,
  databases: Databases,
  lock: FolderLock,
  onProgress: (line: string) => void,
): RunningNodes {
  const at = places(folder);
  const program = options.program ?? process.env.COMMONWAY_PROGRAM ?? process.argv[1] ?? '';
  const env = { ...process.env, ...options.env, COMMONWAY_ROOT: options.root };
  const states: LocalState[] = [];
  const portal = portalUrl(file.states[0] as StatePorts);
  const tell = () => {
    const nodes = states.map(({ state, process: node }) => [
      state,
      {
        pid: node.pid() ?? null,
        ready: node.isReady(),
        restarts: node.restarts,
        ...(node.reason && { reason: node.reason }),
      },
    ]);
    lock.update(Object.fromEntries(nodes), portal);
  };
  for (const ports of file.states) {
    const { state } = ports;
    const config: NodeConfig = {
      state,
      root: options.root,
      folder: at.state(state),
      trustFolder: at.trust(state),
      databaseUrl: databases.urls[state] ?? '',
      portalPort: ports.portal,
      exchangePort: ports.exchange,
      clockOffsetMs: file.clockOffsetMs,
      development: true,
    };
    mkdirSync(at.state(state), { recursive: true, mode: 0o700 });
    writeWhole(at.config(state), `${JSON.stringify(config, null, 2)}\n`, 0o600);
    const node = nodeProcess({
      state,
      command: ['--disable-warning=ExperimentalWarning', program, 'node', '--config', at.config(state)],
      log: at.log(state),
      env,
      onChange: tell,
      onCrash: (reason) => onProgress(`${state}: ${reason}; starting it again`),
    });
    states.push({
      state,
      portal: portalUrl(ports),
      portalPort: ports.portal,
      exchangePort: ports.exchange,
      folder: at.state(state),
      databaseUrl: config.databaseUrl,
      process: node,
    });
  }
  for (const { process: node } of states) node.start();
  const guard = guardServer(folder, options, databases, onProgress);
  const keeping = keepBuild(program);
  return {
    states,
    async stop() {
      clearInterval(keeping);
      await guard.stop();
      await Promise.all(states.map(({ process: node }) => node.stop()));
    },
  };
}

/** Newer builds push out older ones that nobody touches; nodes are started again from the one that this union began with. */
function keepBuild(program: string): NodeJS.Timeout {
  const touch = () => {
    const now = new Date();
    utimes(dirname(program), now, now, () => undefined);
  };
  touch();
  return setInterval(touch, 600_000).unref();
}

/** Starts the database server again, on its port, when somebody else ended it: the nodes' pools then find it by themselves. */
function guardServer(
  folder: string,
  options: OpenUnionOptions,
  databases: Databases,
  onProgress: (line: string) => void,
): { stop(): Promise<void> } {
  const { server } = databases;
  if (server === undefined) return { stop: async () => undefined };
  const { postgres } = places(folder);
  let repair: Promise<void> | undefined;
  async function restart(): Promise<void> {
    try {
      onProgress('the database server ended; starting it again');
      const states = Object.keys(databases.urls);
      const { root, env = process.env } = options;
      const again = await openDatabases(folder, { root, states, env, port: server?.port, onProgress: () => undefined });
      if (again.server !== undefined) databases.server = again.server;
    } catch (error) {
      onProgress(`the database server does not start: ${describeError(error)}`);
    }
  }
  const timer = setInterval(() => {
    if (repair !== undefined || !existsSync(postgres) || findEmbedded(postgres) !== undefined) return;
    repair = restart().finally(() => {
      repair = undefined;
    });
  }, 1000);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await repair;
    },
  };
}
