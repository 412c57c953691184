import { listComplaints } from '../../ledger/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway complaint list --state STATE` */
export const complaintList: Command = {
  name: 'complaint list',
  summary: "lists what a state's node has against the logs of others: forks, rewritten leaves, cut tails, false times",
  details: 'Each has an id, by which ./commonway complaint export writes it as a signed file that anybody can check.',
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'whose node complains: kg' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'complaint list', 'state');
    await withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const complaints = await listComplaints(store);
      if (typed.options.json === true) around.out(JSON.stringify({ state, complaints }));
      else if (complaints.length === 0) around.out(`${state} has no complaint.`);
      else
        for (const { id, at, origin, evidence } of complaints) around.out(`${id}  ${at}  ${origin}  ${evidence.kind}`);
    });
    return EXIT.ok;
  },
};
