import { writeFileSync } from 'node:fs';
import { listComplaints } from '../../ledger/index.ts';
import { Failure, type Json } from '../../storage/index.ts';
import { sealFile } from '../../union/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway complaint export ID FILE --state STATE` */
export const complaintExport: Command = {
  name: 'complaint export',
  summary: 'writes a complaint about the log of another state as a signed file, for ./commonway verify anywhere',
  arguments: [
    { name: 'ID', summary: 'as ./commonway complaint list prints it; its beginning is enough' },
    { name: 'FILE', summary: 'to write: fork.commonway.json' },
  ],
  options: { ...FOLDER, state: { type: 'string', value: 'STATE', summary: 'whose node complains: kg' } },
  async run(around, typed) {
    const [start = '', path = ''] = typed.arguments;
    const state = demandOption(typed, 'complaint export', 'state');
    await withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const found = (await listComplaints(store)).filter(({ id }) => start !== '' && id.startsWith(start));
      const [complaint] = found;
      if (complaint === undefined || found.length > 1) throw new Failure('CLI_COMPLAINT_UNKNOWN', { state, id: start });
      const { trust, clock, keys } = store;
      const isOf = (one: string) => complaint.origin.split('/')[2] === one;
      const against = trust.states().find(isOf) ?? '';
      const content = { against, complaint } as unknown as Json;
      writeFileSync(path, sealFile({ trust, clock, key: keys.seal }, 'complaint', content));
      around.out(`${complaint.evidence.kind} by ${against}: ${path}`);
    });
    return EXIT.ok;
  },
};
