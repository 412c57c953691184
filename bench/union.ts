import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openBareUnion } from './_bare-union.ts';
import { processTree, proportionalMegabytes } from './_processes.ts';
import { type BenchSurroundings, figure, type Report } from './_report.ts';

const RUNS = 3;
const SETTLING_MS = 3000;
const PEER = 'postgres and five bare fastify processes with a pool each, one table each, no keys, no data';

interface Measured {
  cold: number[];
  warm: number[];
  megabytes: number[];
  withSupervisor: number[];
}

/** How long a union takes from the command to five nodes that are ready, new and with data, and what memory it then takes. */
export async function run({ root, program }: BenchSurroundings): Promise<Report> {
  const ours: Measured = { cold: [], warm: [], megabytes: [], withSupervisor: [] };
  const theirs: Measured = { cold: [], warm: [], megabytes: [], withSupervisor: [] };
  for (let turn = 0; turn < RUNS; turn++) {
    const home = mkdtempSync(join(tmpdir(), 'commonway-bench-'));
    try {
      await measure(ours, () => openOurs(program, home));
      await measure(theirs, () => openBareUnion(root, join(home, 'bare')));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  }
  return {
    name: 'union',
    goal: 'ready in under 120 s the first time and in under 10 s later; five nodes with their databases in under 1500 MB',
    figures: [
      figure('start, first time', 's', ours.cold, PEER, theirs.cold),
      figure('start, with data', 's', ours.warm, PEER, theirs.warm),
      figure('memory of five nodes and their databases', 'MB', ours.megabytes, PEER, theirs.megabytes),
      figure('the same with the process that watches them', 'MB', ours.withSupervisor, PEER, theirs.megabytes),
    ],
  };
}

interface Opened {
  /** The nodes and the database server. */
  processes: number[];
  supervisor?: number;
  stop(): Promise<void>;
}

/** Twice the same: the first start has everything to make. */
async function measure(into: Measured, open: () => Promise<Opened>): Promise<void> {
  for (const seconds of [into.cold, into.warm]) {
    const began = performance.now();
    const opened = await open();
    seconds.push((performance.now() - began) / 1000);
    if (seconds === into.warm && process.platform === 'linux') {
      await pause(SETTLING_MS);
      const megabytes = proportionalMegabytes(opened.processes);
      into.megabytes.push(megabytes);
      into.withSupervisor.push(megabytes + proportionalMegabytes(opened.supervisor ? [opened.supervisor] : []));
    }
    await opened.stop();
  }
}

async function openOurs(program: string, home: string): Promise<Opened> {
  const child = spawn(process.execPath, [program, 'up'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, COMMONWAY_HOME: home },
  });
  await isReady(child);
  const pid = child.pid ?? 0;
  return {
    processes: processTree(pid).filter((one) => one !== pid),
    supervisor: pid,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

function isReady(child: ChildProcess): Promise<void> {
  let said = '';
  return new Promise((done, fail) => {
    child.stderr?.on('data', (data) => {
      said += data;
      if (said.includes('- ready after')) done();
    });
    child.once('close', (code) => fail(new Error(`up ended with ${code}: ${said}`)));
  });
}
