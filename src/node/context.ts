import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLibrary } from '../agreements/index.ts';
import type { HealthSources } from '../health/index.ts';
import {
  developmentSignIn,
  eidSignIn,
  enrolmentSignIn,
  passkeySignIn,
  personaFiles,
  readEidConfig,
  readPersonas,
  type SignInMethod,
} from '../identity/index.ts';
import { appendLeaf, type LedgerContext } from '../ledger/index.ts';
import { loadRegisters } from '../registers/index.ts';
import { type Clock, type Db, migrate, openDb, shiftedClock } from '../storage/index.ts';
import {
  type NodeKeys,
  openTrust,
  readNodeKeys,
  readUnionFolder,
  type Trust,
  type UnionFiles,
  type UnionRecord,
} from '../union/index.ts';
import type { WebContext } from '../web/index.ts';
import type { NodeConfig } from './config.ts';
import type { HandlersContext } from './handlers.ts';
import { metricsToken } from './metrics-token.ts';
import { allMigrations } from './migrations.ts';
import { seatPersonas } from './personas.ts';
import { RETENTION } from './retention.ts';

/** Everything that a node works with. Rooms see only the part they name. */
export type NodeContext = HandlersContext & WebContext;

/** Portals and exchange are bound here: a node speaks to the world through its operator's proxy. */
export const HOST = '127.0.0.1';

/** What any process of a state works on: its store, its keys, its ledger, and whom it trusts. */
export interface NodeStore extends LedgerContext {
  db: Db;
  keys: NodeKeys;
  trust: Trust;
}

/**
 * Opens a state's database, keys and trust, and brings them up to date. Commands of an operator open the same store that its node's
 * processes work on.
 * @throws Failure UNION_* where charter or manifests do not hold, STORAGE_*
 */
export async function openStore(
  config: Pick<NodeConfig, 'state' | 'folder' | 'trustFolder' | 'databaseUrl' | 'clockOffsetMs'>,
  connections = 2,
): Promise<NodeStore> {
  const clock = shiftedClock(config.clockOffsetMs);
  const db = openDb(config.databaseUrl, { name: `commonway ${config.state}`, connections });
  try {
    await migrate(db, allMigrations);
    const keys = readNodeKeys(join(config.folder, 'keys'));
    const files = readUnionFolder(config.trustFolder);
    const ledger = { origin: ownOrigin(files, config.state), key: keys.ledger };
    const trust = await openTrust(
      { db, clock },
      {
        self: config.state,
        files,
        record: async (tx, record) => {
          await appendLeaf(tx, { db, clock, ledger }, unionLeaf(record));
        },
      },
    );
    return { db, clock, ledger, keys, trust };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/**
 * Opens all that must hold before a node opens a door: its store, the agreements in it, its registers.
 * @throws Failure UNION_* where charter or manifests do not hold, STORAGE_*
 */
export async function openContext(
  config: NodeConfig,
  report: (place: string, error: unknown) => void,
): Promise<NodeContext> {
  const { db, clock, ledger, keys, trust } = await openStore(config, 12);
  const origin = `http://${config.state}.localhost:${config.portalPort}`;
  const personas = await personasOf(config, db, clock, trust.charter.demo);
  return {
    db,
    clock,
    ledger,
    trust,
    keys,
    agencyKeys: keys.agencies,
    documents: { key: keys.documents, x5c: keys.documentsChain },
    seal: keys.seal,
    agreements: await openLibrary({ db, clock, trust }, (reason) => report('agreements', reason)),
    registers: loadRegisters(join(config.root, 'registers'), config.state),
    identity: {
      state: config.state,
      demo: trust.charter.demo,
      boundTo: HOST,
      origin,
      methods: [
        ...eidOf(config.folder),
        passkeySignIn(),
        enrolmentSignIn(),
        ...(personas.length === 0 ? [] : [developmentSignIn(personas)]),
      ],
    },
    health: healthSources(config.folder),
    web: {
      origin,
      report: (reference, error) => report(`page ${reference}`, error),
      metricsToken: metricsToken(config.folder),
    },
  };
}

/** What a look at a node's health takes from its process, or from the command that looks for it. */
export const healthSources = (folder: string): HealthSources => ({
  folder,
  migrations: allMigrations,
  retention: RETENTION,
});

/** The log that the state's newest manifest names: another one than at first, once the end of the first was lost. */
function ownOrigin({ charters, manifests }: UnionFiles, state: string): string {
  const own = manifests.filter(({ payload }) => payload.state === state);
  const newest = own.sort((one, other) => other.payload.version - one.payload.version)[0];
  return newest?.payload.ledger.origin ?? `commonway/${charters[0]?.payload.union ?? ''}/${state}`;
}

function unionLeaf({ kind, content }: UnionRecord) {
  return { kind, content };
}

/** The state's existing eID, where its operator has put a description of it beside the keys. @throws Failure IDENTITY_EID_CONFIG */
function eidOf(folder: string): SignInMethod[] {
  const file = join(folder, 'eid.json');
  return existsSync(file) ? [eidSignIn(readEidConfig(readFileSync(file, 'utf8')))] : [];
}

/** The development sign-in needs all three: the operator's word, a demo charter, and (checked at each request) loopback. */
async function personasOf(config: NodeConfig, db: Db, clock: Clock, demo: boolean) {
  if (!config.development || !demo) return [];
  const all = readPersonas(personaFiles(config.root));
  const personas = all.filter(({ state }) => state === config.state);
  await seatPersonas({ db, clock }, personas);
  return personas;
}
