import { resolve } from 'node:path';
import { fileSchemas } from '../../agreements/index.ts';
import { Failure } from '../../storage/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { writeSchemas } from '../new-agreement.ts';

/** `./commonway schema [KIND] [--out DIR]` */
export const schema: Command = {
  name: 'schema',
  summary: 'prints the JSON Schema of a kind of agreement file, or writes them for an editor',
  details: [
    'Without KIND it lists the kinds and the files that they are for. An editor completes and checks while typing when the first line of',
    'a file is: # yaml-language-server: $schema=PATH/OR/ADDRESS/service.json. Every node serves them under /schemas/ too.',
  ].join('\n'),
  arguments: [{ name: 'KIND', summary: 'agreement, service, form, evidence, rules, annex, ...', optional: true }],
  options: {
    out: { type: 'string', value: 'DIR', summary: 'writes KIND.json there, for every kind when none is given' },
    json: { type: 'boolean', summary: 'prints the list as one JSON object' },
  },
  async run(around, typed) {
    const [kind] = typed.arguments;
    const all = fileSchemas();
    const chosen = kind === undefined ? all : all.filter((one) => one.kind === kind);
    const [first] = chosen;
    if (first === undefined) {
      const kinds = all.map((one) => one.kind).join(', ');
      throw new Failure('CLI_SCHEMA_UNKNOWN', { kind: kind ?? '', kinds });
    }
    const out = textOf(typed, 'out');
    if (out !== undefined) {
      for (const file of writeSchemas(resolve(out), new Set(chosen.map((one) => one.kind)))) around.out(file);
    } else if (kind !== undefined) {
      around.out(JSON.stringify(first.schema, null, 2));
    } else if (typed.options.json === true) {
      around.out(JSON.stringify({ schemas: all.map(({ kind: name, files, says }) => ({ kind: name, files, says })) }));
    } else {
      for (const one of all) around.out(`${one.kind.padEnd(10)}  ${one.files.padEnd(20)}  ${one.says}`);
    }
    return EXIT.ok;
  },
};
