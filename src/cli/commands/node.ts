import { readFileSync } from 'node:fs';
import { type NodeConfig, startNode } from '../../node/index.ts';
import { describeError, Failure, isFailure } from '../../storage/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT, exitCodeOf } from '../exit-codes.ts';
import type { NodeMessage } from '../local-union/node-process.ts';
import { whenAskedToStop } from '../signals.ts';

/** `./commonway node --config FILE`: one state's node in the foreground. */
export const node: Command = {
  name: 'node',
  summary: "runs one state's node, as ./commonway up does for each",
  details: [
    'FILE is a JSON object like states/kz/node.json in a union folder. DATABASE_URL, where it is set, replaces its databaseUrl.',
    'Prints one line, {"ready":true,...}, when its doors are open, and its log after that.',
  ].join('\n'),
  options: { config: { type: 'string', value: 'FILE', summary: 'how to start it' } },
  async run(around, typed) {
    const stop = whenAskedToStop();
    // Started by a supervisor that is gone: nobody would end this process any more.
    const alone = new Promise<void>((done) => process.once('disconnect', () => done()));
    const config = readConfig(textOf(typed, 'config'), around.env.DATABASE_URL);
    let running: Awaited<ReturnType<typeof startNode>>;
    try {
      running = await startNode(config);
    } catch (error) {
      const failure = isFailure(error)
        ? error
        : new Failure('NODE_START', { reason: describeError(error) }, { cause: error });
      const sentence = isFailure(error) ? around.sentenceOf(error) : describeError(error);
      around.err(JSON.stringify({ level: 60, state: config.state, failed: failure.code, sentence }));
      tell({ failed: { code: failure.code, params: failure.params, sentence } });
      if (!isFailure(error) && error instanceof Error) around.err(error.stack ?? '');
      leave();
      return exitCodeOf(failure.code);
    }
    around.out(JSON.stringify({ ready: true, state: config.state, pid: process.pid, portalPort: config.portalPort }));
    tell({ ready: true });
    await Promise.race([stop, alone]);
    await running.stop();
    leave();
    return EXIT.ok;
  },
};

function tell(message: NodeMessage): void {
  if (process.connected) process.send?.(message);
}

/** An open channel would keep the process alive. */
function leave(): void {
  if (process.connected) process.disconnect?.();
}

function readConfig(file: string | undefined, databaseUrl: string | undefined): NodeConfig {
  if (file === undefined) throw new Failure('CLI_ARGUMENT_MISSING', { command: 'node', argument: '--config FILE' });
  try {
    const config = JSON.parse(readFileSync(file, 'utf8')) as NodeConfig;
    return databaseUrl ? { ...config, databaseUrl } : config;
  } catch (error) {
    throw new Failure('CLI_FILE_MISSING', { file, reason: describeError(error) });
  }
}
