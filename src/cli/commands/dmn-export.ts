import { exportRules, getAgreement } from '../../agreements/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { demandDay } from '../publishing/officer.ts';

/** `./commonway dmn export DIR [--state STATE] [--on DAY]` */
export const dmnExport: Command = {
  name: 'dmn export',
  summary: 'prints the rules of an agreement as a DMN 1.3 file',
  details: [
    'Facts become input data, rules decisions, functions business knowledge. DMN has no dates, so a model is the law of one day: that',
    'of --on, without it the last version of each rule. National rules have their logic only where a state is named.',
  ].join('\n'),
  arguments: [{ name: 'DIR', summary: 'the folder that holds agreement.yaml' }],
  options: {
    state: { type: 'string', value: 'STATE', summary: 'whose annex gives the national rules: kg' },
    on: { type: 'string', value: 'DAY', summary: 'the day whose versions of the rules are printed: 2022-12-31' },
  },
  async run(around, typed) {
    const agreement = await getAgreement(typed.arguments[0] ?? '');
    const on = textOf(typed, 'on');
    around.out(exportRules(agreement, textOf(typed, 'state'), on && demandDay(on)).trimEnd());
    return EXIT.ok;
  },
};
