import { createReadStream, existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { allMigrations } from '../../node/index.ts';
import { importCsv, loadRegisters } from '../../registers/index.ts';
import { type Clock, type Instant, migrate, openDb } from '../../storage/index.ts';
import { foundUnion, pinAnchor, writeKeyFile, writeNodeKeys, writeUnionFolder } from '../../union/index.ts';
import { rejectedLines } from './rejected-rows.ts';
import { seedFiles, type UnionSeed } from './seeds.ts';
import { places, type StatePorts } from './union-folder.ts';

/** The address of a state's portal: names of their own, so that cookies and passkeys of two states never mix. */
export function portalUrl({ state, portal }: Pick<StatePorts, 'state' | 'portal'>): string {
  return `http://${state}.localhost:${portal}`;
}

/**
 * Founds a demonstration union and writes each party's files: its keys into its own folder, roots and second persons' keys apart, charter and manifests to
 * everybody, the anchor to whoever will verify on this machine.
 */
export function writeFoundation(input: {
  folder: string;
  anchors: string;
  seed: UnionSeed;
  ports: readonly StatePorts[];
  at: Instant;
  expires: Instant;
}): void {
  const { folder, seed } = input;
  const at = places(folder);
  const portsOf = (state: string) => input.ports.find((one) => one.state === state) as StatePorts;
  const founded = foundUnion({
    name: seed.name,
    demo: true,
    approvers: true,
    at: input.at,
    expires: input.expires,
    states: seed.states.map((founder) => {
      const ports = portsOf(founder.state);
      return { ...founder, portal: portalUrl(ports), exchangePort: ports.exchange };
    }),
  });
  for (const { state } of seed.states) {
    const keys = founded.keys[state];
    const root = founded.roots[state];
    if (keys === undefined || root === undefined) continue;
    writeNodeKeys(at.keys(state), keys);
    writeKeyFile(at.roots, state, root);
    const approver = founded.approvers[state];
    if (approver !== undefined) writeKeyFile(at.approvers, state, approver);
    writeUnionFolder(at.trust(state), { charters: [founded.charter], manifests: founded.manifests });
  }
  pinAnchor(input.anchors, founded.charter.payload);
}

/**
 * Fills a state's registers from the files of its agencies. Rows that are wrong stay out, as the seeds want it.
 * @param input.own the checkout: refused rows of files that are not its own are told, line by line
 */
export async function importSeeds(input: {
  root: string;
  state: string;
  databaseUrl: string;
  clock: Clock;
  own: string;
  onProgress(line: string): void;
}): Promise<{ taken: number; refused: number }> {
  const db = openDb(input.databaseUrl, { connections: 2, name: 'commonway seeds' });
  const total = { taken: 0, refused: 0 };
  try {
    await migrate(db, allMigrations);
    const registers = loadRegisters(join(input.root, 'registers'), input.state);
    for (const { register, file } of seedFiles(input.root, input.state)) {
      const agency = registers.get(register)?.owner ?? register;
      const source = createReadStream(file);
      const report = await importCsv({ db, clock: input.clock, registers }, { register, agency, source });
      total.taken += report.taken;
      total.refused += report.refused;
      if (existsSync(join(input.own, relative(input.root, file)))) continue;
      for (const line of rejectedLines(report)) input.onProgress(`${register}: ${line}`);
    }
  } finally {
    await db.close();
  }
  return total;
}
