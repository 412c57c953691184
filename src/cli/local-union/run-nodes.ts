import { existsSync, mkdirSync, utimes } from 'node:fs';
import { dirname } from 'node:path';
import type { NodeConfig } from '../../node/index.ts';
import { describeError, findEmbedded } from '../../storage/index.ts';
import { contentOf } from './content.ts';
import { type Databases, openDatabases } from './databases.ts';
import { portalUrl } from './found.ts';
import { type NodeProcess, nodeProcess } from './node-process.ts';
import type { FolderLock } from './running-file.ts';
import { places, type StatePorts, type UnionFile, writeWhole } from './union-folder.ts';

/** A state's node in a union that runs on this machine. */
export interface LocalState {
  state: string;
  /** `http://kz.localhost:4703` */
  portal: string;
  portalPort: number;
  exchangePort: number;
  /** Where its information systems call in. */
  doorPort?: number;
  /** Its own folder: keys, trust, node.json, node.log. */
  folder: string;
  databaseUrl: string;
  process: NodeProcess;
}

export interface RunOptions {
  /** The checkout. */
  root: string;
  /** The program whose `node` command runs a node; default: this one. */
  program?: string;
  /** States whose node is of another release: its checkout and program. */
  others?: Readonly<Record<string, { root: string; program: string }>>;
  env?: Readonly<Record<string, string | undefined>>;
  onProgress?(line: string): void;
}

export interface RunningNodes {
  states: LocalState[];
  /** Ends the nodes; the database server stays. */
  stop(): Promise<void>;
}

/** The program whose `node` command runs the nodes. */
export function programOf({ program }: Pick<RunOptions, 'program'>): string {
  return program ?? process.env.COMMONWAY_PROGRAM ?? process.argv[1] ?? '';
}

/**
 * Starts a process per state, each with its own configuration file, and from then on starts again whatever ends by itself: a node, or
 * the database server. Tells through the lock how they are.
 */
export function runNodes(
  folder: string,
  options: RunOptions,
  file: UnionFile,
  databases: Databases,
  lock: FolderLock,
): RunningNodes {
  const onProgress = options.onProgress ?? (() => undefined);
  const at = places(folder);
  const program = programOf(options);
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
    const other = options.others?.[state];
    const config: NodeConfig = {
      state,
      root: other?.root ?? contentOf(folder, options.root),
      folder: at.state(state),
      trustFolder: at.trust(state),
      databaseUrl: databases.urls[state] ?? '',
      portalPort: ports.portal,
      exchangePort: ports.exchange,
      ...(ports.door !== undefined && { doorPort: ports.door }),
      clockOffsetMs: file.clockOffsetMs,
      development: true,
    };
    mkdirSync(at.state(state), { recursive: true, mode: 0o700 });
    writeWhole(at.config(state), `${JSON.stringify(config, null, 2)}\n`, 0o600);
    const node = nodeProcess({
      state,
      command: [
        '--disable-warning=ExperimentalWarning',
        other?.program ?? program,
        'node',
        '--config',
        at.config(state),
      ],
      log: at.log(state),
      env: other === undefined ? env : { ...env, COMMONWAY_ROOT: other.root },
      onChange: tell,
      onCrash: (reason) => onProgress(`${state}: ${reason}; starting it again`),
    });
    states.push({
      state,
      portal: portalUrl(ports),
      portalPort: ports.portal,
      exchangePort: ports.exchange,
      ...(ports.door !== undefined && { doorPort: ports.door }),
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
  options: RunOptions,
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
