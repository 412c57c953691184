import { listOpenCalls } from '../../calls/index.ts';
import { addMilliseconds } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

const DAY_MS = 86_400_000;

/** `./commonway calls open --state STATE` */
export const callsOpen: Command = {
  name: 'calls open',
  summary: 'lists the calls of information systems that were asked and have no answer in the log of a node',
  details: 'Of those the outcome is not known: whoever asked must ask the other side before asking again.',
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'whose node: kz' },
    days: { type: 'string', value: 'DAYS', summary: 'how far back; default 1' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'calls open', 'state');
    const days = Number(typed.options.days ?? 1) || 1;
    await withStateStore(around, unionFolder(around, typed), state, async (store) => {
      const open = await listOpenCalls(store, addMilliseconds(store.clock.now(), -days * DAY_MS));
      if (typed.options.json === true) around.out(JSON.stringify({ state, open }));
      else if (open.length === 0) around.out(`${state} has no open call.`);
      else
        for (const { id, at, direction, peer } of open)
          around.out(`${id}  ${at}  ${direction === 'out' ? 'to' : 'from'} ${peer}`);
    });
    return EXIT.ok;
  },
};
