import { writeFileSync } from 'node:fs';
import { parseSealed, type Sealed } from '../../crypto/index.ts';
import { Failure, type Instant, shiftedClock, systemClock } from '../../storage/index.ts';
import {
  type Charter,
  type CharterDifference,
  charterDifference,
  charterDigest,
  proposalBytes,
  proposeCharter,
  readCharterEntry,
  readUnionFolder,
} from '../../union/index.ts';
import { type Command, type Surroundings, type Typed, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesOf } from '../files-given.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway charter propose --out FILE [--add ENTRY] [--remove STATES] [--replace ENTRY] [--expires DAY] [--threshold N]` */
export const charterPropose: Command = {
  name: 'charter propose',
  summary: 'writes the next version of the charter as a proposal that the roots are to sign',
  details: [
    'Admits states (--add, with the entry that ./commonway root new wrote), lets states go (--remove), gives a state another root (--replace),',
    'or sets another end or threshold. Nothing is signed or changed by it. Lists are separated by commas. The threshold is that of more than',
    'two thirds of the states where states come or go. The file goes to every signer: ./commonway charter sign.',
  ].join('\n'),
  options: {
    ...FOLDER,
    charter: {
      type: 'string',
      value: 'FILE',
      summary: "the version before; default: the newest in the union's folder",
    },
    out: { type: 'string', value: 'FILE', summary: 'where to write the proposal' },
    add: { type: 'string', value: 'ENTRIES', summary: 'files with the entries of states that join' },
    remove: { type: 'string', value: 'STATES', summary: 'codes of states that leave: by' },
    replace: { type: 'string', value: 'ENTRIES', summary: 'files with the new entries of states whose root was lost' },
    expires: { type: 'string', value: 'DAY', summary: 'from which day on no state is admitted; default: as before' },
    threshold: { type: 'string', value: 'N', summary: 'how many roots make a version' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const out = demandOption(typed, 'charter propose', 'out');
    const { previous, now } = before(around, typed);
    const entries = (name: string) => listOf(typed, name).map((file) => readCharterEntry(bytesOf(file), file));
    const threshold = textOf(typed, 'threshold');
    const expires = textOf(typed, 'expires');
    const proposal = proposeCharter(previous, {
      created: now,
      add: entries('add'),
      remove: listOf(typed, 'remove'),
      replace: entries('replace'),
      ...(expires !== undefined && { expires: demandMoment(expires) }),
      ...(threshold !== undefined && { threshold: Number(threshold) }),
    });
    writeFileSync(out, proposalBytes(proposal));
    say(around, typed, {
      version: proposal.charter.version,
      digest: charterDigest(proposal.charter),
      roots: proposal.charter.threshold,
      ...charterDifference(previous.payload, proposal.charter),
      file: out,
    });
    return EXIT.ok;
  },
};

/** What a command about a charter tells, as lines or as JSON. */
export function say(
  around: Surroundings,
  typed: Typed,
  told: { version: number; digest: string; roots: number; file: string } & Partial<CharterDifference>,
): void {
  if (typed.options.json === true) {
    around.out(JSON.stringify(told));
    return;
  }
  const { joins = [], leaves = [], newRoot = [] } = told;
  around.out(`charter version ${told.version}, made by ${told.roots} roots`);
  around.out(`digest ${told.digest}: compare it with the others by another way than these files`);
  if (joins.length > 0) around.out(`joins: ${joins.join(', ')}`);
  if (leaves.length > 0) around.out(`leaves: ${leaves.join(', ')}`);
  if (newRoot.length > 0) around.out(`gets another root: ${newRoot.join(', ')}`);
  if (told.expires !== undefined) around.out(`expires ${told.expires.after} instead of ${told.expires.before}`);
  around.out(`written to ${told.file}`);
}

const listOf = (typed: Typed, name: string): string[] =>
  (textOf(typed, name) ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** The version before, and the time by the clock of the union that it is of. */
function before(around: Surroundings, typed: Typed): { previous: Sealed<Charter>; now: Instant } {
  const file = textOf(typed, 'charter');
  if (file !== undefined) return { previous: parseSealed<Charter>(bytesOf(file), 'charter'), now: systemClock.now() };
  const folder = unionFolder(around, typed);
  const union = getUnionFile(folder);
  const newest = union.states
    .flatMap(({ state }) => readUnionFolder(places(folder).trust(state)).charters)
    .sort((a, b) => b.payload.version - a.payload.version)[0];
  if (newest === undefined) throw new Failure('UNION_CHARTER_MISSING');
  return { previous: newest, now: shiftedClock(union.clockOffsetMs).now() };
}

function demandMoment(day: string): Instant {
  try {
    return `${Temporal.PlainDate.from(day, { overflow: 'reject' }).toString()}T00:00:00.000Z`;
  } catch {
    throw new Failure('CLI_DAY_WRONG', { day: day.slice(0, 40) });
  }
}
