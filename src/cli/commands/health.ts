import { examine, healthDocument, nextStep, wordsOf } from '../../health/index.ts';
import { healthSources } from '../../node/index.ts';
import { texts } from '../../texts/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway health [--state STATE] [--json]` */
export const health: Command = {
  name: 'health',
  summary: 'says of a node, or of all, what an operator should know now and what to do next',
  details: [
    'The same as GET /health of the node: each finding with what it means, the command that comes next, and where to read on.',
    'Exits with 1 where something is broken, with 0 where something is merely to be done soon. Changes nothing.',
  ].join('\n'),
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'whose node: kz; all where it is left out' },
    json: { type: 'boolean', summary: 'prints one JSON object a state' },
  },
  async run(around, typed) {
    const folder = unionFolder(around, typed);
    const wanted = textOf(typed, 'state');
    const states = wanted === undefined ? getUnionFile(folder).states.map(({ state }) => state) : [wanted];
    const { say } = texts('en');
    let broken = false;
    for (const state of states) {
      const found = await withStateStore(around, folder, state, (store) =>
        examine({ ...store, health: healthSources(places(folder).state(state)) }),
      );
      broken ||= found.status === 'fail';
      if (typed.options.json === true) {
        around.out(JSON.stringify(healthDocument(found)));
        continue;
      }
      around.out(`${state}: ${say(`health.status.${found.status}`)}`);
      for (const finding of found.findings) {
        const { title, meaning } = wordsOf(finding, { say, nameOf: (about) => about });
        const { command, section } = nextStep(finding, state);
        around.out(`  ${finding.severity}  ${title}${finding.since === undefined ? '' : `, since ${finding.since}`}`);
        around.out(`        ${meaning}`);
        around.out(`        ${command}    ${section}`);
      }
    }
    return broken ? 1 : EXIT.ok;
  },
};
