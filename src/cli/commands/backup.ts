import { resolve } from 'node:path';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { backUpUnion, demandPassphrase } from '../local-union/backup.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway backup DIR` */
export const backup: Command = {
  name: 'backup',
  summary: 'backs up database, keys, configuration and charters, and goes on archiving what is written',
  details: [
    'Takes a base of the database server while it works, and has every minute of its log (WAL) archived in DIR from then on: any later moment can be',
    'restored. Keys, passwords and configuration are locked under COMMONWAY_BACKUP_PASSPHRASE; the database is not: DIR belongs on an encrypted',
    'disk of another machine. Again into the same DIR it adds a newer base. A database elsewhere (DATABASE_URL_KZ) is backed up there.',
  ].join('\n'),
  arguments: [{ name: 'DIR', summary: 'where the backup is, or is to be' }],
  options: { ...FOLDER, json: { type: 'boolean', summary: 'prints one JSON object' } },
  async run(around, typed) {
    const [dir = ''] = typed.arguments;
    const passphrase = demandPassphrase(around.env);
    const folder = unionFolder(around, typed);
    const done = await backUpUnion({ folder, target: resolve(dir), root: around.root, passphrase });
    if (typed.options.json === true) around.out(JSON.stringify(done));
    else {
      around.out(`backed up: keys, configuration and charters of ${done.states.join(', ')}`);
      around.out(
        done.base === undefined
          ? 'The databases are elsewhere: back them up there.'
          : `${done.base.name}: any moment from ${done.base.taken} on can be restored`,
      );
    }
    return EXIT.ok;
  },
};
