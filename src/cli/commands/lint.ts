import type { Command } from '../command.ts';
import { lint as runLint } from '../lint.ts';

/** `./commonway lint` */
export const lint: Command = {
  name: 'lint',
  summary: 'runs the static checks: format, types, floors and doors, unused exports',
  run: async (around) => runLint(around.root),
};
