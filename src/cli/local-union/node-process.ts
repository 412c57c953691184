import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { Failure, type FailureParams } from '../../storage/index.ts';

/** What a node tells whoever started it, over the channel between them. */
export type NodeMessage = { ready: true } | { failed: { code: string; params: FailureParams; sentence: string } };

export interface NodeProcessOptions {
  state: string;
  /** The words after the runtime: the program and its arguments. */
  command: readonly string[];
  /** Where its output goes. */
  log: string;
  env: NodeJS.ProcessEnv;
  /** Told of each change: started, ready, ended. */
  onChange(): void;
  /** Told when it ended without having been asked to. */
  onCrash?(reason: string): void;
}

/** One state's node as a process that is started again when it ends by itself. */
export interface NodeProcess {
  readonly state: string;
  readonly restarts: number;
  /** Why it ended last, where it did without having been asked to. */
  readonly reason: string | undefined;
  /** Undefined while it is not running. */
  pid(): number | undefined;
  isReady(): boolean;
  /** Starts it, or does nothing when it runs. */
  start(): void;
  /** Resolves when it is ready; rejects with its own refusal, or when it is stopped. */
  ready(timeoutMs: number): Promise<void>;
  /** For those who test what a crash does: the process is started again. */
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end, makes it after ten seconds; it is not started again. */
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** Who lived this long is not in a circle of crashes. */
const HEALTHY_MS = 10_000;
const PATIENCE_MS = 10_000;
const LOG_LIMIT = 20_000_000;

/** Makes the process of a node; `start` starts it. */
export function nodeProcess(options: NodeProcessOptions): NodeProcess {
  let child: ChildProcess | undefined;
  let wanted = false;
  let ready = false;
  let restarts = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let reason: string | undefined;
  let refusal: Failure | undefined;
  let again: NodeJS.Timeout | undefined;
  const waiting = new Set<() => void>();

  function changed(): void {
    for (const look of [...waiting]) look();
    options.onChange();
  }

  function launch(): void {
    rotate(options.log);
    const log = openSync(options.log, 'a', 0o600);
    const born = Date.now();
    // A group of its own: Ctrl-C is for whoever supervises, who then ends the nodes in order. Its end closes the channel, by which a
    // node knows that it is left alone.
    const own = spawn(process.execPath, options.command, {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: options.env,
    });
    closeSync(log);
    child = own;
    let failed: Failure | undefined;
    own.on('message', (message: NodeMessage) => {
      if ('ready' in message) {
        ready = true;
        refusal = undefined;
      } else {
        const { code, params, sentence } = message.failed;
        failed = new Failure(code, { ...params, sentence });
        refusal = new Failure('CLI_NODE_STOPPED', { state: options.state, reason: sentence }, { cause: failed });
      }
      changed();
    });
    let ended = false;
    const onEnd = (how: string) => {
      if (ended) return;
      ended = true;
      child = undefined;
      ready = false;
      if (wanted) {
        reason = refusal === undefined ? how : String(refusal.params.reason);
        pauseMs = Date.now() - born > HEALTHY_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        options.onCrash?.(reason);
        again = setTimeout(() => {
          restarts++;
          launch();
        }, pauseMs);
      }
      changed();
    };
    own.on('error', (error) => onEnd(error.message));
    own.on('exit', (code, signal) => onEnd(signal === null ? `it ended with ${code}` : `it was ended by ${signal}`));
    changed();
  }

  return {
    state: options.state,
    get restarts() {
      return restarts;
    },
    get reason() {
      return reason;
    },
    pid: () => child?.pid,
    isReady: () => ready,
    start() {
      if (wanted) return;
      wanted = true;
      refusal = undefined;
      pauseMs = FIRST_PAUSE_MS;
      launch();
    },
    ready(timeoutMs) {
      return new Promise((done, fail) => {
        const settle = (error?: Failure) => {
          clearTimeout(timer);
          waiting.delete(look);
          if (error === undefined) done();
          else fail(error);
        };
        const look = () => {
          if (ready) settle();
          else if (refusal !== undefined) settle(refusal);
          else if (!wanted)
            settle(new Failure('CLI_NODE_STOPPED', { state: options.state, reason: 'it was stopped.' }));
        };
        const timer = setTimeout(() => settle(tooLate(options, timeoutMs, reason)), timeoutMs);
        waiting.add(look);
        look();
      });
    },
    kill(signal) {
      child?.kill(signal);
    },
    async stop() {
      wanted = false;
      clearTimeout(again);
      const running = child;
      changed();
      if (running === undefined) return;
      const gone = new Promise<void>((done) => running.once('exit', () => done()));
      running.kill('SIGTERM');
      const force = setTimeout(() => running.kill('SIGKILL'), PATIENCE_MS);
      await gone;
      clearTimeout(force);
    },
  };
}

function tooLate(options: NodeProcessOptions, timeoutMs: number, reason: string | undefined): Failure {
  const { state, log } = options;
  if (reason !== undefined) return new Failure('CLI_NODE_STOPPED', { state, reason: `${reason}${lastLine(log)}` });
  return new Failure('CLI_NODE_SILENT', { state, seconds: Math.round(timeoutMs / 1000), log });
}

function lastLine(log: string): string {
  const line = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1);
  return line ? `: ${line.slice(0, 300)}` : '.';
}

function rotate(log: string): void {
  if (existsSync(log) && statSync(log).size > LOG_LIMIT) renameSync(log, `${log}.1`);
}
