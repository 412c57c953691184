import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Failure, systemClock } from '../../storage/index.ts';
import {
  type Founder,
  firstManifestOf,
  openVersionSigner,
  writeNodeKeys,
  writeUnionFolder,
} from '../../union/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { bytesOf, rootOf, unionFilesOf } from '../files-given.ts';
import { demandOption } from '../publishing/officer.ts';

/** `./commonway manifest new FILE... --state STATE --root FILE --portal URL --exchange HOST:PORT --out FOLDER` */
export const manifestNew: Command = {
  name: 'manifest new',
  summary: "makes a joining state's keys and first manifest, signed by its root",
  details: [
    'FILE... are every charter version of the union, and the manifests of the other states. Writes FOLDER/keys for the node and FOLDER/trust with',
    'all of it; FOLDER/trust/manifests/STATE.1.json is to be given to one node of the union at least, which brings it to the others.',
  ].join('\n'),
  arguments: [{ name: 'FILE', summary: 'charters and manifests, as the union gave them', many: true }],
  options: {
    state: { type: 'string', value: 'STATE', summary: 'its code: uz' },
    root: { type: 'string', value: 'FILE', summary: 'its root, as ./commonway root new made it' },
    portal: { type: 'string', value: 'URL', summary: 'where people find its portal' },
    exchange: { type: 'string', value: 'HOST:PORT', summary: 'where the other nodes reach it' },
    agencies: { type: 'string', value: 'FILE', summary: 'its agencies as YAML: a list of id, name by language, roles' },
    at: { type: 'string', value: 'MOMENT', summary: 'from when the keys count; default: now' },
    out: { type: 'string', value: 'FOLDER', summary: "the node's folder" },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const command = 'manifest new';
    const state = demandOption(typed, command, 'state');
    const { root, memory } = rootOf(demandOption(typed, command, 'root'));
    const folder = demandOption(typed, command, 'out');
    const [, exchangeHost = '', port = ''] =
      /^\[?([a-z0-9.:-]+?)\]?:(\d{1,5})$/.exec(demandOption(typed, command, 'exchange')) ?? [];
    const { charters, manifests } = unionFilesOf(typed.arguments);
    const charter = charters.at(-1)?.payload;
    if (charter === undefined) throw new Failure('UNION_CHARTER_MISSING');
    if (existsSync(join(folder, 'keys'))) throw new Failure('CLI_FILE_THERE', { file: join(folder, 'keys') });
    const agencies = textOf(typed, 'agencies');
    const founder: Founder = {
      state,
      name: charter.states.find((one) => one.state === state)?.name ?? state,
      portal: demandOption(typed, command, 'portal'),
      exchangeHost,
      exchangePort: Number(port),
      agencies: agencies === undefined ? [] : (parse(bytesOf(agencies).toString('utf8')) as Founder['agencies']),
    };
    const signer = openVersionSigner(memory, root);
    const at = textOf(typed, 'at') ?? systemClock.now();
    const { keys, manifest } = firstManifestOf({ founder, charter, root, signer, at });
    writeNodeKeys(join(folder, 'keys'), keys);
    writeUnionFolder(join(folder, 'trust'), { charters, manifests: [...manifests, manifest] });
    const file = join(folder, 'trust', 'manifests', `${state}.1.json`);
    if (typed.options.json === true) around.out(JSON.stringify({ state, version: 1, charter: charter.version, file }));
    else around.out(`${file}: the first manifest of ${state}, under charter version ${charter.version}.`);
    return EXIT.ok;
  },
};
