import { prepareRatification, whatToRatify } from '../../agreements/index.ts';
import { today } from '../../calendar/index.ts';
import { Failure } from '../../storage/index.ts';
import { type Ratification, sealRatification } from '../../union/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type StateStore, withStateStore } from '../local-union/state-store.ts';
import { demandDay, demandOption, OFFICER } from '../publishing/officer.ts';
import { replayOn } from '../publishing/replay.ts';
import { replayLines } from '../publishing/replay-lines.ts';
import { waits } from './publish.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway ratify NAME --state STATE --contract DIGEST --from DAY [--until DAY] --by NAME` */
export const ratify: Command = {
  name: 'ratify',
  summary: "prepares a state's word that it accepts a version of an agreement from a day on",
  details: [
    "With the annex and texts that the state's own agencies published last for that contract. Shown before: drafts and last cases of the",
    'state, run on it. It counts when somebody else has approved it (./commonway approve), and the contract runs when all its parties',
    'have. A correction of the own annex is a ratification of the same contract with the new annex; it stops nobody.',
  ].join('\n'),
  arguments: [{ name: 'NAME', summary: 'the agreement: pension' }],
  options: {
    ...FOLDER,
    ...OFFICER,
    contract: {
      type: 'string',
      value: 'DIGEST',
      summary: 'as ./commonway agreements lists it; its beginning is enough',
    },
    from: { type: 'string', value: 'DAY', summary: 'the first day: 2027-01-01' },
    until: { type: 'string', value: 'DAY', summary: 'the first day on which it holds no more; default: open' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const [agreement = ''] = typed.arguments;
    const state = demandOption(typed, 'ratify', 'state');
    const by = demandOption(typed, 'ratify', 'by');
    const start = demandOption(typed, 'ratify', 'contract');
    const from = demandDay(demandOption(typed, 'ratify', 'from'));
    const end = textOf(typed, 'until');
    const until = end === undefined ? undefined : demandDay(end);
    return withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const day = today(store.clock, state);
      const { version, ...what } = await whatToRatify(store.db, store.trust, {
        agreement,
        start,
        day,
      });
      const word: Ratification = {
        state,
        ...what,
        from,
        ...(until === undefined ? {} : { until }),
        issued: store.clock.now(),
      };
      demandNew(store, word, day);
      const annexes = { [state]: word.annex };
      const next = store.agreements.byContract(word.contract, {
        annexes,
        ...(word.texts ? { texts: word.texts } : {}),
      });
      if (next === undefined) throw new Failure('AGREEMENT_VERSION_UNKNOWN', { agreement, contract: word.contract });
      const replay = await replayOn(store, next);
      const id = await prepareRatification(store, sealRatification(word, store.keys.ratification), by);
      if (typed.options.json === true) around.out(JSON.stringify({ id, version, ...word, replay }));
      else {
        around.out(`${agreement} ${version}, contract ${word.contract.slice(0, 16)}, annex ${word.annex.slice(0, 16)}`);
        around.out(`by ${state} from ${from}${until === undefined ? ' on' : ` until ${until}`}`);
        for (const line of [...replayLines(replay), ...waits(id, state, by)]) around.out(line);
      }
      return EXIT.ok;
    });
  },
};

/**
 * Days that are over stay as they were, and so does today under a contract that holds today: applications of today may have been decided by
 * the annex of this morning. The first word on an agreement may reach back to its entry into force.
 */
function demandNew({ trust }: StateStore, word: Ratification, day: string): void {
  const { state, agreement, contract, from } = word;
  const same = trust.ratifications(state, agreement, from).find((one) => one.contract === contract);
  const isSame = same?.annex === word.annex && same.texts === word.texts && same.until === word.until;
  if (same !== undefined && isSame) throw new Failure('CLI_RATIFY_SAME', { state, from: same.from });
  if (!trust.words(agreement).some((one) => one.state === state)) return;
  const holds = trust.ratifications(state, agreement, day).some((one) => one.contract === contract);
  const first = holds ? Temporal.PlainDate.from(day).add({ days: 1 }).toString() : day;
  if (from < first) throw new Failure('CLI_RATIFY_PAST', { day: from, first });
}
