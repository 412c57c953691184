import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type EmbeddedServer, provision, startEmbedded } from '../../storage/index.ts';
import { places, writeWhole } from './union-folder.ts';

/** The databases of a union on one machine. */
export interface Databases {
  /** By state. */
  urls: Record<string, string>;
  /** The server that came with the lockfile; none where every state has a database of its own elsewhere. */
  server?: EmbeddedServer;
  /** Servers of states that were restored from a backup, each alone. */
  own: EmbeddedServer[];
}

/**
 * A database for each state: the one that `DATABASE_URL_KZ` and so on name, else one in the embedded server with a role that can
 * connect to it alone.
 */
export async function openDatabases(
  folder: string,
  options: {
    root: string;
    states: readonly string[];
    env: Readonly<Record<string, string | undefined>>;
    /** Port of the server when it was started before, so that connections find it again. */
    port?: number | undefined;
    onProgress(line: string): void;
  },
): Promise<Databases> {
  const urls: Record<string, string> = {};
  for (const state of options.states) {
    const given = options.env[`DATABASE_URL_${state.toUpperCase()}`];
    if (given) urls[state] = given;
  }
  const own: EmbeddedServer[] = [];
  const needy = options.states.filter((state) => urls[state] === undefined);
  if (needy.length === 0) return { urls, own };
  const passwords = passwordsOf(folder, needy);
  for (const state of needy) {
    const place = places(folder).ownPostgres(state);
    if (!existsSync(place)) continue;
    const server = await startEmbedded({ folder: place, root: options.root, onProgress: options.onProgress });
    own.push(server);
    urls[state] = await provision(server.adminUrl, { name: state, password: passwords[state] ?? '' });
  }
  const homeless = options.states.filter((state) => urls[state] === undefined);
  if (homeless.length === 0) return { urls, own };
  const server = await startEmbedded({
    folder: places(folder).postgres,
    root: options.root,
    onProgress: options.onProgress,
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  for (const state of homeless) {
    urls[state] = await provision(server.adminUrl, { name: state, password: passwords[state] ?? '' });
  }
  return { urls, server, own };
}

/** Ends all servers that were started or found for a union. */
export async function stopDatabases({ server, own }: Databases): Promise<void> {
  await Promise.all([...own, ...(server === undefined ? [] : [server])].map((one) => one.stop()));
}

function passwordsOf(folder: string, states: readonly string[]): Record<string, string> {
  const path = places(folder).passwords;
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
  const all = {
    ...Object.fromEntries(states.map((state) => [state, randomBytes(18).toString('base64url')])),
    ...known,
  };
  writeWhole(path, JSON.stringify(all), 0o600);
  return all;
}
