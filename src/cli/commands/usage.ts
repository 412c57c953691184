import { parseSystemName, stateOfAgency } from '../../access/index.ts';
import { listUsageConsumers, setUsageConsumer } from '../../persons/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandDay, demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

const DAY_MS = 86_400_000;
const BY = { by: { type: 'string', value: 'NAME', summary: 'who answers for it; default: operator' } } as const;

/** `./commonway usage allow AGENCY/SYSTEM --ground TEXT --until DAY` */
export const usageAllow: Command = {
  name: 'usage allow',
  summary: 'lets a system of a state read who used the data of its persons (findUsage), or no more',
  details: [
    'Off unless it is said here. It is for a portal of the state in which people see who used their data: that it asked stands in the record of',
    'each person, with the ground that is given here. What an agreement lets be kept back from her it is not told either.',
  ].join('\n'),
  arguments: [{ name: 'AGENCY/SYSTEM', summary: 'kz.digital/portal' }],
  options: {
    ...FOLDER,
    ground: { type: 'string', value: 'TEXT', summary: 'the legal ground' },
    until: { type: 'string', value: 'DAY', summary: 'its last day' },
    stop: { type: 'boolean', summary: 'it may no more' },
    ...BY,
  },
  async run(around, typed) {
    const [system = ''] = typed.arguments;
    const state = stateOfAgency(parseSystemName(system).agency);
    const by = textOf(typed, 'by') ?? 'operator';
    const isStopped = typed.options.stop === true;
    const given = isStopped
      ? { stopped: true as const, by }
      : {
          by,
          ground: demandOption(typed, 'usage allow', 'ground'),
          until: endOf(demandOption(typed, 'usage allow', 'until')),
        };
    await withStateStore(around, unionFolder(around, typed), state, (store) => setUsageConsumer(store, system, given));
    around.out(isStopped ? `${system} reads no access records any more.` : `${system} may read access records.`);
    return EXIT.ok;
  },
};

/** `./commonway usage list --state STATE` */
export const usageList: Command = {
  name: 'usage list',
  summary: 'lists the systems that may read who used the data of persons',
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'whose node: kz' },
    json: { type: 'boolean', summary: 'prints JSON' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'usage list', 'state');
    const consumers = await withStateStore(around, unionFolder(around, typed), state, ({ db }) =>
      listUsageConsumers(db),
    );
    if (typed.options.json === true) around.out(JSON.stringify(consumers));
    else if (consumers.length === 0) around.out('No system may read access records.');
    else
      for (const { system, ground, until, by } of consumers) around.out(`${system}  until ${until}: ${ground} (${by})`);
    return EXIT.ok;
  },
};

const endOf = (day: string): string => new Date(Date.parse(`${demandDay(day)}T00:00:00.000Z`) + DAY_MS).toISOString();
