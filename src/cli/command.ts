import type { ParseArgsOptionDescriptor } from 'node:util';
import type { Failure } from '../storage/index.ts';

/** What a command works with: everything of the outside world that it may touch. */
export interface Surroundings {
  /** The checkout. */
  root: string;
  /** Where this machine keeps unions and anchors: COMMONWAY_HOME, else `var` in the checkout. */
  home: string;
  env: Readonly<Record<string, string | undefined>>;
  /** A refusal as one English sentence. */
  sentenceOf(failure: Failure): string;
  /** Writes a line for who reads the result. */
  out(line: string): void;
  /** Writes a line for who waits: progress, questions, warnings. */
  err(line: string): void;
  /** Asks for a line of text; undefined where nobody is at a terminal. */
  ask(question: string): Promise<string | undefined>;
}

export interface Option extends ParseArgsOptionDescriptor {
  /** For `--help`. */
  summary: string;
  /** What stands for the value in `--help`: `PORT`. */
  value?: string;
}

export interface Argument {
  /** As `--help` shows it: `STATE`. */
  name: string;
  summary: string;
  optional?: boolean;
  /** Takes all that follows as well; the last one only. */
  many?: boolean;
}

/** What was typed, checked against the command's own description. */
export interface Typed {
  arguments: readonly string[];
  options: Readonly<Record<string, string | boolean | undefined>>;
}

/** A command of `./commonway`. */
export interface Command {
  /** One word, or two: `register import`. */
  name: string;
  /** One line. */
  summary: string;
  /** More lines for its own `--help`. */
  details?: string;
  arguments?: readonly Argument[];
  options?: Readonly<Record<string, Option>>;
  /** Commands that people do not type. */
  hidden?: boolean;
  /** @returns the exit code; refusals are thrown as Failure */
  run(around: Surroundings, typed: Typed): Promise<number>;
}

/** A text option, where it was given. @example textOf(typed, 'port') */
export function textOf(typed: Typed, name: string): string | undefined {
  const value = typed.options[name];
  return typeof value === 'string' ? value : undefined;
}
