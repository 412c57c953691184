import { readFileSync } from 'node:fs';
import { type Edition, takeEdition } from '../../agreements/index.ts';
import { parseSealed } from '../../crypto/index.ts';
import { describeError, Failure } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway agreements take FILE --state STATE` */
export const agreementsTake: Command = {
  name: 'agreements take',
  summary: 'takes a published version from a file, as a node takes it from another node',
  details:
    'It is held against the signatures of its publisher and a second person, and against its own digests. Twice is once.',
  arguments: [{ name: 'FILE', summary: 'as ./commonway agreements save wrote it' }],
  options: { ...FOLDER, state: { type: 'string', value: 'STATE', summary: 'whose node takes it: ru' } },
  async run(around, typed) {
    const [file = ''] = typed.arguments;
    const state = demandOption(typed, 'agreements take', 'state');
    const sealed = parseSealed<Edition>(bytesOf(file), 'agreement');
    const fresh = await withStateStore(around, unionFolder(around, typed), state, (store) =>
      takeEdition(store, sealed),
    );
    const { agreement, version, agency } = sealed.payload;
    around.out(`${agreement} ${version}, published by ${agency}: ${fresh ? 'taken' : 'was there already'}.`);
    return EXIT.ok;
  },
};

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Failure('CLI_FILE_MISSING', { file, reason: describeError(error) });
  }
}
