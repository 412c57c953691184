import {
  type ContractVersion,
  contractInCommon,
  type EditionHead,
  editionHeads,
  type HeldWord,
  listPrepared,
  type Prepared,
  wordsOf,
} from '../../agreements/index.ts';
import { today } from '../../calendar/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { getUnionFile } from '../local-union/union-folder.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** One agreement as one state's node knows it. */
interface Listed {
  agreement: string;
  /** What runs today: the newest contract that all its parties have in common. */
  runs: ContractVersion | null;
  editions: EditionHead[];
  /** By state. */
  words: Record<string, HeldWord[]>;
}

/** `./commonway agreements [--state STATE]` */
export const agreements: Command = {
  name: 'agreements',
  summary: 'lists versions of agreements, who has ratified what from when to when, what runs, and what waits',
  details:
    'As the node of one state knows it: --state, by default the first. Others may learn of a word some seconds later.',
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'e.g. kz' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const folder = unionFolder(around, typed);
    const state = textOf(typed, 'state') ?? getUnionFile(folder).states[0]?.state ?? '';
    return withStateStore(around, folder, state, async ({ db, clock, trust, agreements: library }) => {
      const day = today(clock, state);
      const heads = await editionHeads(db);
      const waiting = await listPrepared(db);
      const listed = [...new Set(heads.map(({ agreement }) => agreement))].sort().map((agreement): Listed => {
        const versions = library.versions(agreement);
        const states = [...new Set(versions.flatMap(({ parties }) => parties))].sort();
        return {
          agreement,
          runs: contractInCommon(versions, trust, agreement, day) ?? null,
          editions: heads.filter((head) => head.agreement === agreement),
          words: Object.fromEntries(states.map((one) => [one, wordsOf(trust, { state: one, agreement, day })])),
        };
      });
      if (typed.options.json === true) around.out(JSON.stringify({ state, day, agreements: listed, waiting }));
      else
        for (const line of [...listed.flatMap(linesOf), ...waiting.map((one) => waitingLine(one, state))])
          around.out(line);
      return EXIT.ok;
    });
  },
};

function linesOf({ agreement, runs, editions, words }: Listed): string[] {
  const versionOf = (contract: string) => editions.find((one) => one.contract === contract)?.version ?? 'not held here';
  return [
    `${agreement}: ${runs === null ? 'NOTHING RUNS: no contract that all its parties have ratified for today' : `${runs.version} runs (${short(runs.contract)})`}`,
    ...editions.map(
      ({ version, contract, texts, agency, issued, digest }) =>
        `  published ${issued.slice(0, 10)} by ${agency}: ${version}, contract ${short(contract)}, texts ${short(texts)} (${short(digest)})`,
    ),
    ...Object.entries(words).flatMap(([state, list]) =>
      list.length === 0
        ? [`  ${state}  has ratified nothing`]
        : list.map((word) => `  ${state}  ${wordLine(word, versionOf(word.contract))}`),
    ),
  ];
}

function wordLine({ when, from, until, contract, annex }: HeldWord, version: string): string {
  if (from === until)
    return `withdrawn on ${from}: ${version} (${short(contract)})${when === 'later' ? ', later' : ''}`;
  const days = `from ${from}${until === undefined ? '' : ` until ${until}`}`;
  return `${when === 'now' ? 'in force' : when}: ${version} (${short(contract)}), annex ${short(annex)}, ${days}`;
}

const short = (digest: string): string => digest.slice(0, 12);

const waitingLine = ({ id, kind, agreement, preparedBy, preparedAt }: Prepared, state: string): string =>
  `waits for a second person of ${state}: ${kind} of ${agreement}, prepared by ${preparedBy} on ${preparedAt.slice(0, 10)}; ./commonway approve ${id.slice(0, 16)} --state ${state} --by NAME`;
