import { approve as approvePrepared, dropPrepared } from '../../agreements/index.ts';
import { readKeyFile } from '../../union/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { places } from '../local-union/union-folder.ts';
import { demandOption, OFFICER } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway approve ID --state STATE --by NAME` */
export const approve: Command = {
  name: 'approve',
  summary: 'the second person: publishes a version, or gives a ratification, that somebody else prepared',
  details: [
    "The approval is a second signature, by the state's approval key (approvers/ of a local union; on another machine in a real one).",
    'Whoever prepared it cannot approve it. ./commonway agreements lists what waits.',
  ].join('\n'),
  arguments: [{ name: 'ID', summary: 'what ./commonway publish, ratify or withdraw printed; its beginning is enough' }],
  options: {
    ...FOLDER,
    ...OFFICER,
    drop: { type: 'boolean', summary: 'throws it away instead; anybody may' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const [id = ''] = typed.arguments;
    const state = demandOption(typed, 'approve', 'state');
    const by = demandOption(typed, 'approve', 'by');
    const folder = unionFolder(around, typed);
    const drop = typed.options.drop === true;
    const done = await withStateStore(around, folder, state, (store) =>
      drop
        ? dropPrepared(store.db, id)
        : approvePrepared(store, { id, by, key: readKeyFile(places(folder).approvers, state) }),
    );
    const what = done.kind === 'edition' ? 'a version' : 'a ratification';
    if (typed.options.json === true) around.out(JSON.stringify({ ...done, approved: !drop }));
    else
      around.out(
        drop
          ? `Thrown away: ${what} of ${done.agreement}.`
          : `Done: ${what} of ${done.agreement}, prepared by ${done.preparedBy}.`,
      );
    return EXIT.ok;
  },
};
