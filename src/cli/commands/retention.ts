import { dueNow, runRetention } from '../../node/index.ts';
import { referencesOf } from '../../persons/index.ts';
import { type Command, type Typed, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type StateStore, withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

const OPTIONS = {
  ...FOLDER,
  state: { type: 'string', value: 'STATE', summary: 'whose authorities: ru' },
  person: { type: 'string', value: 'NUMBER', summary: 'of this state, by her number in its population register' },
  reference: { type: 'string', value: 'STATE/REFERENCE', summary: 'or of another state, by the reference it gave' },
  json: { type: 'boolean', summary: 'prints one JSON object' },
} as const;

/** `./commonway retention show --state STATE` */
export const retentionShow: Command = {
  name: 'retention show',
  summary: 'lists the cases, notices and questions whose time to be kept is over; of a person, all that is settled',
  options: OPTIONS,
  async run(around, typed) {
    const state = demandOption(typed, 'retention show', 'state');
    await withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const due = await dueNow(store, await whose(store, typed));
      if (typed.options.json === true) around.out(JSON.stringify({ state, due }));
      else if (due.length === 0) around.out(`${state} keeps nothing that is due.`);
      else for (const { kind, id, agency, due: since } of due) around.out(`${kind}  ${id}  ${agency}  since ${since}`);
    });
    return EXIT.ok;
  },
};

/** `./commonway retention run --state STATE` */
export const retentionRun: Command = {
  name: 'retention run',
  summary: 'deletes now what the nightly run would; of a person, all that is settled',
  details: [
    'What authorities were sent goes, with its salts: payloads of cases, files, bodies of messages, batches of calls. Signed decisions, documents, the',
    'access record and the log stay, and verify. Each deletion stands in the access record of the person it is about.',
  ].join('\n'),
  options: OPTIONS,
  async run(around, typed) {
    const state = demandOption(typed, 'retention run', 'state');
    await withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const erased = await runRetention(store, await whose(store, typed));
      if (typed.options.json === true) around.out(JSON.stringify({ state, erased }));
      else
        around.out(
          Object.entries(erased)
            .map(([kind, count]) => `${kind} ${count}`)
            .join('  '),
        );
    });
    return EXIT.ok;
  },
};

async function whose(store: StateStore, typed: Typed) {
  const [person, reference] = [textOf(typed, 'person'), textOf(typed, 'reference')];
  if (person !== undefined) return { home: store.trust.self, references: await referencesOf(store.db, person) };
  if (reference === undefined) return undefined;
  const [home = '', ...rest] = reference.split('/');
  return { home, references: [rest.join('/')] };
}
