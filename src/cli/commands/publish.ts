import {
  type Agreement,
  type Checked,
  checkAgreement,
  editionOf,
  type GateProblem,
  prepareEdition,
  publishProblems,
  readAgreementFiles,
} from '../../agreements/index.ts';
import { seal } from '../../crypto/index.ts';
import { Failure } from '../../storage/index.ts';
import type { Command, Surroundings } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type StateStore, withStateStore } from '../local-union/state-store.ts';
import { changeLines, LANGUAGE, readLanguage } from '../publishing/change-lines.ts';
import { demandOption, OFFICER } from '../publishing/officer.ts';
import { replayOn } from '../publishing/replay.ts';
import { replayLines } from '../publishing/replay-lines.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway publish DIR --state STATE --agency AGENCY --by NAME` */
export const publish: Command = {
  name: 'publish',
  summary: 'checks a new version of an agreement, shows what it changes, and prepares it for a second person',
  details: [
    'The gate: every check of ./commonway check, then how the version follows the one before, then drafts and last cases of the state',
    'run on it. What passes is signed by the agency and waits: somebody else publishes it by ./commonway approve. The nodes of the other',
    'states fetch a published version by themselves; it runs when all its parties have ratified it. Ends with 0 when it waits, with 1',
    'when it was refused.',
  ].join('\n'),
  arguments: [{ name: 'DIR', summary: 'the folder that holds agreement.yaml' }],
  options: {
    ...FOLDER,
    ...OFFICER,
    agency: { type: 'string', value: 'AGENCY', summary: 'e.g. kz.pension-fund: the agency that publishes' },
    ...LANGUAGE,
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const [source = ''] = typed.arguments;
    const state = demandOption(typed, 'publish', 'state');
    const agency = demandOption(typed, 'publish', 'agency');
    const by = demandOption(typed, 'publish', 'by');
    const language = readLanguage(typed);
    const json = typed.options.json === true;
    const checked = await checkAgreement(source);
    if (checked.agreement === undefined || checked.findings.length > 0) return refuseFindings(around, checked, json);
    const { agreement } = checked;
    return withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const before = newestAccepted(store, agreement.name);
      const { changes, problems } = publishProblems(before, agreement, { demo: store.trust.charter.demo });
      const replay = await replayOn(store, agreement);
      const id =
        problems.length === 0
          ? await prepare(store, { source, state, agency, by, follows: before?.contractDigest })
          : undefined;
      const { contractDigest: contract, textsDigest: texts, name, version } = agreement;
      if (json) {
        around.out(
          JSON.stringify({
            ok: id !== undefined,
            agreement: name,
            version,
            contract,
            texts,
            id,
            problems,
            changes,
            replay,
          }),
        );
      } else {
        for (const line of before === undefined ? [`${name} ${version} is new here.`] : changeLines(changes, language))
          around.out(line);
        around.out('');
        for (const line of replayLines(replay)) around.out(line);
        around.out('');
        for (const problem of problems) around.out(`${problem.code}: ${PROBLEMS[problem.code](problem as never)}`);
        if (id !== undefined) for (const line of waits(id, state, by)) around.out(line);
      }
      return id === undefined ? 1 : EXIT.ok;
    });
  },
};

/**
 * What a new version is compared with: the newest contract that this state has ever ratified. What others publish, and nobody ratifies,
 * neither takes a number away nor hides a change.
 */
function newestAccepted({ agreements, trust }: StateStore, name: string): Agreement | undefined {
  const own = trust.words(name).filter(({ state }) => state === trust.self);
  const newest = agreements.versions(name).find(({ contract }) => own.some((one) => one.contract === contract));
  return newest === undefined ? undefined : agreements.byContract(newest.contract);
}

async function prepare(
  store: StateStore,
  input: { source: string; state: string; agency: string; by: string; follows: string | undefined },
): Promise<string> {
  const { source, state, agency, by, follows = null } = input;
  const key = store.keys.agencies[agency];
  if (key === undefined) throw new Failure('UNION_AGENCY_UNKNOWN', { state, agency });
  const edition = editionOf(readAgreementFiles(source), { state, agency, issued: store.clock.now(), follows });
  return prepareEdition(store, seal('agreement', edition, [key]), by);
}

/** What a problem of the gate means. */
const PROBLEMS: { [C in GateProblem['code']]: (problem: Extract<GateProblem, { code: C }>) => string } = {
  PUBLISH_UNCHANGED: () => 'Nothing differs from the version before.',
  PUBLISH_VERSION: ({ before, after }) =>
    `The contract changed, so its version must be greater than ${before}; it says ${after}.`,
  PUBLISH_MIGRATION: ({ what }) => `The answer to ${what} has another type: say in migrations/ what becomes of it.`,
  PUBLISH_TRANSLATION: ({ language }) =>
    `Nobody by name has approved the texts in ${language} as they are (texts/approvals.yaml): a draft is published in a demonstration only.`,
};

function refuseFindings(around: Surroundings, { findings }: Checked, json: boolean): number {
  if (json) around.out(JSON.stringify({ ok: false, findings }));
  else {
    for (const { file, line, column, code, message } of findings)
      around.out(`${file}:${line}:${column} ${code}\n  ${message}`);
    around.out(`${findings.length} findings: nothing was published.`);
  }
  return 1;
}

/** What has to be done next, and by whom. */
export function waits(id: string, state: string, by: string): string[] {
  return [
    `Signed by ${by}; nothing has changed yet. Somebody else looks at it and does`,
    `  ./commonway approve ${id.slice(0, 16)} --state ${state} --by NAME`,
  ];
}
