import { writeFileSync } from 'node:fs';
import { sealedBytes } from '../../crypto/index.ts';
import { Failure } from '../../storage/index.ts';
import {
  anchorOf,
  charterDifference,
  charterDigest,
  readAnchors,
  readProposal,
  signProposal,
} from '../../union/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesOf, rootOf } from '../files-given.ts';
import { demandOption } from '../publishing/officer.ts';
import { say } from './charter-propose.ts';

/** `./commonway charter sign PROPOSAL --root FILE --out FILE [--anchor FILE]` */
export const charterSign: Command = {
  name: 'charter sign',
  summary: "signs a proposed charter with a state's root, on the machine without a network",
  details: [
    'Says what the proposal changes and by which digest to compare it, and writes a signature file. Needs no union, database or network:',
    'the checkout, the proposal and the root are enough. Beside the root lies `signed/`, which remembers each version: another content of a',
    'version that was signed is refused for good. With --anchor the version before must be the one that is pinned there.',
  ].join('\n'),
  arguments: [{ name: 'PROPOSAL', summary: 'as ./commonway charter propose wrote it' }],
  options: {
    root: { type: 'string', value: 'FILE', summary: "the state's root: kz.key.json" },
    out: { type: 'string', value: 'FILE', summary: 'where to write the signature' },
    anchor: { type: 'string', value: 'FILE', summary: 'the anchor of the version before, as it is pinned here' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const [file = ''] = typed.arguments;
    const keyFile = demandOption(typed, 'charter sign', 'root');
    const out = demandOption(typed, 'charter sign', 'out');
    const proposal = readProposal(bytesOf(file), file);
    const { previous, charter } = proposal;
    const pinned = textOf(typed, 'anchor');
    if (
      pinned !== undefined &&
      !readAnchors(pinned).some(({ digest }) => digest === anchorOf(previous.payload).digest)
    ) {
      throw new Failure('UNION_ANCHOR_MISMATCH', { union: charter.union });
    }
    const { root, memory } = rootOf(keyFile);
    writeFileSync(out, sealedBytes(signProposal(proposal, root, memory)));
    const { version, threshold } = charter;
    say(around, typed, {
      version,
      digest: charterDigest(charter),
      roots: threshold,
      ...charterDifference(previous.payload, charter),
      file: out,
    });
    return EXIT.ok;
  },
};
