import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What a command left behind. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A command that runs. */
export interface Running {
  out(): string;
  err(): string;
  ended: Promise<Ended>;
  /** Asks it to end, as Ctrl-C does. */
  stop(): Promise<Ended>;
}

/** Starts `./commonway WORDS`, with a home of its own for its anchors. */
export function start(home: string, words: readonly string[]): Running {
  const program = process.env.COMMONWAY_PROGRAM ?? '';
  const child: ChildProcess = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COMMONWAY_HOME: home },
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => {
    out += data;
  });
  child.stderr?.on('data', (data) => {
    err += data;
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return {
    out: () => out,
    err: () => err,
    ended,
    stop() {
      child.kill('SIGINT');
      return ended;
    },
  };
}

/** Runs a command to its end. */
export function run(home: string, words: readonly string[]): Promise<Ended> {
  return start(home, words).ended;
}
