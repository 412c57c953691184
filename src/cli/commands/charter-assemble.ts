import { writeFileSync } from 'node:fs';
import { parseSealed, sealedBytes } from '../../crypto/index.ts';
import { assembleProposal, type Charter, charterDigest, readProposal } from '../../union/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesOf } from '../files-given.ts';
import { demandOption } from '../publishing/officer.ts';
import { say } from './charter-propose.ts';

/** `./commonway charter assemble PROPOSAL SIGNATURE... --out FILE` */
export const charterAssemble: Command = {
  name: 'charter assemble',
  summary: 'joins a proposal and its signatures into the sealed charter, when enough roots have signed',
  details: [
    'Enough is what the version itself demands and what the version before demands. The file is given to every node of the union:',
    './commonway trust take FILE --state STATE, or into the folder trust/charters/ under the name VERSION.json. No node is started again.',
  ].join('\n'),
  arguments: [
    { name: 'PROPOSAL', summary: 'as ./commonway charter propose wrote it' },
    { name: 'SIGNATURE', summary: 'as ./commonway charter sign wrote them', many: true },
  ],
  options: {
    out: { type: 'string', value: 'FILE', summary: 'where to write the charter' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const [file = '', ...signed] = typed.arguments;
    const out = demandOption(typed, 'charter assemble', 'out');
    const proposal = readProposal(bytesOf(file), file);
    const whole = assembleProposal(
      proposal,
      signed.map((name) => ({ file: name, sealed: parseSealed<Charter>(bytesOf(name), 'charter') })),
    );
    writeFileSync(out, sealedBytes(whole));
    const { version, threshold } = whole.payload;
    say(around, typed, { version, digest: charterDigest(whole.payload), roots: threshold, file: out });
    return EXIT.ok;
  },
};
