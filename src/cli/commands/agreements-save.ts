import { writeFileSync } from 'node:fs';
import { editionHeads, findEdition } from '../../agreements/index.ts';
import { sealedBytes } from '../../crypto/index.ts';
import { Failure } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway agreements save DIGEST FILE --state STATE` */
export const agreementsSave: Command = {
  name: 'agreements save',
  summary: 'writes a published version into a file, for a state that the exchange does not reach',
  details:
    'The file bears the signatures of its publisher: whoever carries it can change nothing in it. See agreements take.',
  arguments: [
    { name: 'DIGEST', summary: 'of the version, as ./commonway agreements lists it; its beginning is enough' },
    { name: 'FILE', summary: 'to write' },
  ],
  options: { ...FOLDER, state: { type: 'string', value: 'STATE', summary: 'whose node has it: kz' } },
  async run(around, typed) {
    const [start = '', file = ''] = typed.arguments;
    const state = demandOption(typed, 'agreements save', 'state');
    await withStateStore(around, unionFolder(around, typed), state, async ({ db }) => {
      const found = (await editionHeads(db)).filter(({ digest }) => start !== '' && digest.startsWith(start));
      const sealed = found.length === 1 ? await findEdition(db, found[0]?.digest ?? '') : undefined;
      if (sealed === undefined) throw new Failure('AGREEMENT_EDITION_UNKNOWN', { edition: start.slice(0, 64) });
      writeFileSync(file, sealedBytes(sealed));
      around.out(
        `${sealed.payload.agreement} ${sealed.payload.version}, published by ${sealed.payload.agency}: ${file}`,
      );
    });
    return EXIT.ok;
  },
};
