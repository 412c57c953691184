import { reconciledDays, statementTimes } from '../../persons/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway access counts --state STATE` */
export const accessCountsOf: Command = {
  name: 'access counts',
  summary: "holds what other states count of their uses of a state's persons' data against what they have told",
  details: [
    'Each state says once a day, under its seal, how often each of its agencies used data of persons of this one. A use that it counts, has not',
    'told, and may not keep back is missing: ask that state. Exits with 1 where something is missing.',
  ].join('\n'),
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'whose persons: kz' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'access counts', 'state');
    return withStateStore(around, unionFolder(around, typed), state, async ({ db }) => {
      const [days, statements] = [await reconciledDays(db), await statementTimes(db)];
      const missing = days.filter((day) => day.missing > 0);
      if (typed.options.json === true) around.out(JSON.stringify({ state, statements, days }));
      else {
        for (const one of statements) around.out(`${one.state} spoke last at ${one.statedAt}`);
        if (statements.length === 0) around.out(`No state has told ${state} its counts yet.`);
        for (const { day, agency, stated, received, withheld, missing: lacking } of days)
          around.out(
            `${day}  ${agency}  counted ${stated}  told ${received}  kept back ${withheld}${lacking > 0 ? `  MISSING ${lacking}` : ''}`,
          );
      }
      return missing.length === 0 ? EXIT.ok : 1;
    });
  },
};
