import { resolve } from 'node:path';
import { Failure, type Instant } from '../../storage/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { demandPassphrase, restoreState } from '../local-union/backup.ts';
import { restartNode } from '../local-union/restart-node.ts';
import { getUnionFile } from '../local-union/union-folder.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway restore DIR --state STATE [--to MOMENT]` */
export const restore: Command = {
  name: 'restore',
  summary: "restores a state's node from a backup, at a moment or as of the last that was archived",
  details: [
    'The database comes up in a server of its own below the state’s folder; keys and charters only where they are missing, since what is there is',
    'newer. A node that runs under ./commonway up is started again on it, and asks the other states for what came after the moment before it opens its',
    'doors: what its log had shown to them, and the messages that it had sent and received.',
  ].join('\n'),
  arguments: [{ name: 'DIR', summary: 'as ./commonway backup made it' }],
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'whose node: kz' },
    to: {
      type: 'string',
      value: 'MOMENT',
      summary: "by this machine's clock: 2027-01-31T10:00:00Z; default: the last",
    },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const [dir = ''] = typed.arguments;
    const state = demandOption(typed, 'restore', 'state');
    const passphrase = demandPassphrase(around.env);
    const folder = unionFolder(around, typed);
    const states = getUnionFile(folder).states.map((one) => one.state);
    if (!states.includes(state)) throw new Failure('CLI_STATE_UNKNOWN', { state, states: states.join(', ') });
    const moment = textOf(typed, 'to');
    const to = moment === undefined ? undefined : demandInstant(moment);
    const { keys } = await restoreState({
      ...{ folder, target: resolve(dir), root: around.root, passphrase, state },
      ...(to !== undefined && { to }),
    });
    const restarted = await restartNode(folder, state);
    if (typed.options.json === true) around.out(JSON.stringify({ state, to: to ?? null, keys, restarted }));
    else {
      around.out(`${state}: the database as of ${to ?? 'the last that was archived'}${keys ? ', and its keys' : ''}`);
      around.out(restarted ? 'Its node was started again.' : 'Its node uses it when it is started.');
    }
    return EXIT.ok;
  },
};

function demandInstant(text: string): Instant {
  const time = Date.parse(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text) || Number.isNaN(time))
    throw new Failure('CLI_MOMENT_WRONG', { moment: text.slice(0, 40) });
  return new Date(time).toISOString();
}
