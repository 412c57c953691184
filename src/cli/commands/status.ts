import { findEmbedded, systemClock } from '../../storage/index.ts';
import { readUnionFolder } from '../../union/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { portalUrl } from '../local-union/found.ts';
import { findRunning } from '../local-union/running-file.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { FOLDER, unionFolder } from './union-options.ts';

interface StateStatus {
  state: string;
  running: boolean;
  ready: boolean;
  pid: number | null;
  restarts: number;
  reason: string | null;
  portal: string;
  exchangePort: number;
  charter: { version: number; expires: string; expired: boolean; demo: boolean } | null;
}

/** `./commonway status` */
export const status: Command = {
  name: 'status',
  summary: 'says of each state whether it runs, where, and until when its charter holds',
  details: 'Ends with 0 when all states run, else with 69.',
  options: { ...FOLDER, json: { type: 'boolean', summary: 'prints one JSON object' } },
  async run(around, typed) {
    const folder = unionFolder(around, typed);
    const file = getUnionFile(folder);
    const running = findRunning(folder);
    const database = findEmbedded(places(folder).postgres);
    const states = file.states.map((ports): StateStatus => {
      const node = running?.nodes[ports.state];
      return {
        state: ports.state,
        running: node?.pid != null,
        ready: node?.ready ?? false,
        pid: node?.pid ?? null,
        restarts: node?.restarts ?? 0,
        reason: node?.reason ?? null,
        portal: `${portalUrl(ports)}/`,
        exchangePort: ports.exchange,
        charter: charterOf(folder, ports.state, file.clockOffsetMs),
      };
    });
    if (typed.options.json === true) {
      const about = {
        folder,
        union: file.name,
        pid: running?.pid ?? null,
        databasePid: database?.ready ? database.pid : null,
      };
      around.out(JSON.stringify({ ...about, running: running !== undefined, states }));
    } else {
      around.out(
        `${folder}: ${running === undefined ? 'not running' : `running since ${running.since} (process ${running.pid})`}`,
      );
      for (const line of states.map(lineOf)) around.out(line);
    }
    return states.every(({ ready }) => ready) ? EXIT.ok : EXIT.unavailable;
  },
};

function lineOf({ state, running, ready, pid, restarts, reason, portal, charter }: StateStatus): string {
  const how = ready ? `runs, process ${pid}` : running ? `starting, process ${pid}` : 'stopped';
  const again = restarts === 0 ? '' : `, started again ${restarts} times${reason === null ? '' : ` (${reason})`}`;
  const until =
    charter === null
      ? 'no charter'
      : `charter ${charter.expired ? 'EXPIRED on' : 'until'} ${charter.expires.slice(0, 10)}`;
  return `  ${state}  ${portal}  ${until}  ${how}${again}`;
}

/** The newest charter among the node's files. What it believes of them, it says itself; see its log. */
function charterOf(folder: string, state: string, clockOffsetMs: number): StateStatus['charter'] {
  const newest = readUnionFolder(places(folder).trust(state)).charters.at(-1)?.payload;
  if (newest === undefined) return null;
  const now = Date.parse(systemClock.now()) + clockOffsetMs;
  const { version, expires, demo } = newest;
  return { version, expires, expired: Date.parse(expires) <= now, demo };
}
