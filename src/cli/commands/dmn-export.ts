import { exportRules, getAgreement } from '../../agreements/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

/** `./commonway dmn export DIR [--state STATE]` */
export const dmnExport: Command = {
  name: 'dmn export',
  summary: 'prints the rules of an agreement as a DMN 1.3 file',
  details: [
    'Facts become input data, rules decisions, functions business knowledge. DMN has no dates: of a rule with several versions the last',
    'one is printed. National rules have their logic only where a state is named.',
  ].join('\n'),
  arguments: [{ name: 'DIR', summary: 'the folder that holds agreement.yaml' }],
  options: { state: { type: 'string', value: 'STATE', summary: 'whose annex gives the national rules: kg' } },
  async run(around, typed) {
    const agreement = await getAgreement(typed.arguments[0] ?? '');
    around.out(exportRules(agreement, textOf(typed, 'state')).trimEnd());
    return EXIT.ok;
  },
};
