import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agreementLibrary, getAgreement } from '../agreements/index.ts';
import { developmentSignIn, readPersonas } from '../identity/index.ts';
import { appendLeaf } from '../ledger/index.ts';
import { loadRegisters } from '../registers/index.ts';
import { type Clock, type Db, migrate, openDb, shiftedClock } from '../storage/index.ts';
import { openTrust, readNodeKeys, readUnionFolder, type UnionRecord } from '../union/index.ts';
import type { WebContext } from '../web/index.ts';
import type { NodeConfig } from './config.ts';
import type { HandlersContext } from './handlers.ts';
import { allMigrations } from './migrations.ts';
import { seatPersonas } from './personas.ts';

/** Everything that a node works with. Rooms see only the part they name. */
export type NodeContext = HandlersContext & WebContext;

/** Portals and exchange are bound here: a node speaks to the world through its operator's proxy. */
export const HOST = '127.0.0.1';

/**
 * Opens a node's database, keys, trust, agreements and registers: all that must hold before it opens a door.
 * @throws Failure UNION_* where charter or manifests do not hold, AGREEMENT_NOT_LOADED, STORAGE_*
 */
export async function openContext(
  config: NodeConfig,
  report: (place: string, error: unknown) => void,
): Promise<NodeContext> {
  const clock = shiftedClock(config.clockOffsetMs);
  const db = openDb(config.databaseUrl, { name: `commonway ${config.state}`, connections: 12 });
  await migrate(db, allMigrations);
  const keys = readNodeKeys(join(config.folder, 'keys'));
  const files = readUnionFolder(config.trustFolder);
  const union = files.charters[0]?.payload.union ?? '';
  const ledger = { origin: `commonway/${union}/${config.state}`, key: keys.ledger };
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
    agreements: agreementLibrary(await agreementsIn(join(config.root, 'agreements'))),
    registers: loadRegisters(join(config.root, 'registers'), config.state),
    identity: {
      state: config.state,
      demo: trust.charter.demo,
      boundTo: HOST,
      methods: personas.length === 0 ? [] : [developmentSignIn(personas)],
    },
    web: {
      origin: `http://${config.state}.localhost:${config.portalPort}`,
      report: (reference, error) => report(`page ${reference}`, error),
    },
  };
}

function unionLeaf({ kind, content }: UnionRecord) {
  return { kind, content };
}

async function agreementsIn(folder: string) {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Promise.all(names.map(({ name }) => getAgreement(join(folder, name))));
}

/** The development sign-in needs all three: the operator's word, a demo charter, and (checked at each request) loopback. */
async function personasOf(config: NodeConfig, db: Db, clock: Clock, demo: boolean) {
  if (!config.development || !demo) return [];
  const all = readPersonas(readFileSync(join(config.root, 'seeds', 'personas.yaml'), 'utf8'));
  const personas = all.filter(({ state }) => state === config.state);
  await seatPersonas({ db, clock }, personas);
  return personas;
}
