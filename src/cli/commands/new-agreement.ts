import { join, relative, resolve } from 'node:path';
import { fileSchemas } from '../../agreements/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { startAgreement, writeSchemas } from '../new-agreement.ts';

/** `./commonway new agreement NAME [--states kz,kg] [--dir DIR]` */
export const newAgreement: Command = {
  name: 'new agreement',
  summary: 'starts an agreement that passes check, in six languages, with comments that teach',
  details: 'It makes a folder of that name and never writes into one that is there.',
  arguments: [{ name: 'NAME', summary: 'small letters, digits and hyphens, such as work-permit' }],
  options: {
    states: { type: 'string', value: 'STATES', summary: 'the parties: kz,kg (am,by,kg,kz,ru unless said)' },
    dir: {
      type: 'string',
      value: 'DIR',
      summary: 'where its folder is made (agreements/ of the checkout unless said)',
    },
  },
  async run(around, typed) {
    const [name = ''] = typed.arguments;
    const states = (textOf(typed, 'states') ?? 'am,by,kg,kz,ru').split(',').map((state) => state.trim());
    const within = resolve(textOf(typed, 'dir') ?? join(around.root, 'agreements'));
    const schemas = join(around.home, 'schemas');
    const folder = startAgreement(join(around.root, 'templates', 'agreement'), schemas, { name, states, within });
    writeSchemas(schemas, new Set(fileSchemas().map(({ kind }) => kind)));
    const inside = relative(process.cwd(), folder);
    const shown = inside.startsWith('..') ? folder : inside;
    around.out(shown);
    around.err('Read agreement.yaml first; each file says what it is for.');
    around.err(`Then: ./commonway check ${shown}`);
    return EXIT.ok;
  },
};
