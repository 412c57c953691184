import { prepareRatification } from '../../agreements/index.ts';
import { today } from '../../calendar/index.ts';
import { Failure } from '../../storage/index.ts';
import { type Ratification, sealRatification } from '../../union/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandDay, demandOption, OFFICER } from '../publishing/officer.ts';
import { waits } from './publish.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway withdraw NAME --state STATE --on DAY [--contract DIGEST] --by NAME` */
export const withdraw: Command = {
  name: 'withdraw',
  summary: 'prepares that a state accepts a version of an agreement no more from a day on',
  details: [
    'From that day nothing is begun or sent under the contract; the newest one that all its parties still have in common runs, if there',
    'is any. What was filed before goes on to its decision. It counts when somebody else has approved it (./commonway approve).',
  ].join('\n'),
  arguments: [{ name: 'NAME', summary: 'the agreement: pension' }],
  options: {
    ...FOLDER,
    ...OFFICER,
    contract: {
      type: 'string',
      value: 'DIGEST',
      summary: 'its beginning is enough; default: the only one that it has ratified',
    },
    on: { type: 'string', value: 'DAY', summary: 'the run-out date, tomorrow or later' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const [agreement = ''] = typed.arguments;
    const state = demandOption(typed, 'withdraw', 'state');
    const by = demandOption(typed, 'withdraw', 'by');
    const on = demandDay(demandOption(typed, 'withdraw', 'on'));
    return withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const day = today(store.clock, state);
      const first = Temporal.PlainDate.from(day).add({ days: 1 }).toString();
      if (on < first) throw new Failure('CLI_RATIFY_PAST', { day: on, first });
      const start = textOf(typed, 'contract') ?? '';
      const accepted = store.trust
        .ratifications(state, agreement, on)
        .filter(({ contract }) => contract.startsWith(start));
      const [held] = accepted;
      if (held === undefined) throw new Failure('CLI_WITHDRAW_NONE', { state, agreement, day: on });
      if (accepted.length > 1)
        throw new Failure('AGREEMENT_VERSION_UNKNOWN', { agreement, contract: start || 'nothing' });
      // A word of no days: it ends the contract on that day, and changes nothing before it.
      const word: Ratification = { ...held, from: on, until: on, issued: store.clock.now() };
      const id = await prepareRatification(store, sealRatification(word, store.keys.ratification), by);
      if (typed.options.json === true) around.out(JSON.stringify({ id, ...word }));
      else {
        around.out(`${agreement}, contract ${held.contract.slice(0, 16)}: ${state} accepts it no more from ${on} on.`);
        for (const line of waits(id, state, by)) around.out(line);
      }
      return EXIT.ok;
    });
  },
};
