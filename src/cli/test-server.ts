import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '../storage/index.ts';

/** A database server for one test run. */
export interface TestServer {
  adminUrl: string;
  /** Stops it and deletes all of it. */
  end(): Promise<void>;
}

const PREFIX = 'commonway-test-';

/**
 * Starts a throw-away PostgreSQL in a temporary folder; what killed runs left behind is removed first.
 *
 * Without fsync: no test cuts the power, and a killed server process loses nothing by it.
 */
export async function startTestServer(root: string): Promise<TestServer> {
  await sweep(root);
  const home = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const server = await startEmbedded({
    folder: join(home, 'postgres'),
    root,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off' },
  });
  return {
    adminUrl: server.adminUrl,
    async end() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Servers outlive a killed run. Its number stands in the folder's name. */
async function sweep(root: string): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!Number.isInteger(pid) || isRunning(pid)) continue;
    const home = join(tmpdir(), name);
    try {
      if (readdirSync(home).includes('postgres')) {
        const left = await startEmbedded({ folder: join(home, 'postgres'), root, settings: { fsync: 'off' } });
        await left.stop();
      }
      rmSync(home, { recursive: true, force: true });
    } catch {
      // Somebody else's folder, or another run sweeps it: not worth failing over.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
