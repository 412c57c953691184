import { Failure } from '../../storage/index.ts';
import { writeUnionFolder } from '../../union/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { unionFilesOf } from '../files-given.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway trust take FILE... --state STATE` */
export const trustTake: Command = {
  name: 'trust take',
  summary: 'gives a node charters and manifests that came by another way than the exchange',
  details: [
    'Puts them into its trust folder. A node that runs takes them within seconds, without being started again; what does not hold it refuses,',
    'with an alarm `files-refused`. ./commonway status says which charter it was given.',
  ].join('\n'),
  arguments: [{ name: 'FILE', summary: 'sealed charters and manifests', many: true }],
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'whose node takes them: kz' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'trust take', 'state');
    const folder = unionFolder(around, typed);
    const states = getUnionFile(folder).states.map((one) => one.state);
    if (!states.includes(state)) throw new Failure('CLI_STATE_UNKNOWN', { state, states: states.join(', ') });
    const { charters, manifests } = unionFilesOf(typed.arguments);
    writeUnionFolder(places(folder).trust(state), { charters, manifests });
    const given = {
      state,
      charters: charters.map(({ payload }) => payload.version),
      manifests: manifests.map(({ payload }) => `${payload.state} ${payload.version}`),
    };
    if (typed.options.json === true) around.out(JSON.stringify(given));
    else
      around.out(
        `given to the node of ${state}: ${[...given.charters.map((one) => `charter ${one}`), ...given.manifests].join(', ')}`,
      );
    return EXIT.ok;
  },
};
