import type { FeelError } from './compiled.ts';
import { FEEL_ERRORS, type FeelErrorCode } from './errors.ts';

/** An error before it knows its line: where it is in the source, and the words of its sentence. */
export interface Fault {
  readonly code: FeelErrorCode;
  readonly from: number;
  readonly params: Readonly<Record<string, string | number>>;
  readonly path?: readonly (string | number)[];
}

export interface Origin {
  readonly file?: string;
  readonly at?: { readonly line: number; readonly column: number };
}

/** The error of a fault: sentence, hint, line and column. */
export function errorOf(fault: Fault, source: string, origin: Origin): FeelError {
  const [message, hint] = FEEL_ERRORS[fault.code];
  const before = source.slice(0, fault.from).split('\n');
  const start = origin.at ?? { line: 1, column: 1 };
  const inLine = (before.at(-1) ?? '').length;
  return {
    code: fault.code,
    message: fill(message, fault.params),
    hint: fill(hint, fault.params),
    ...(origin.file === undefined ? {} : { file: origin.file }),
    line: start.line + before.length - 1,
    column: before.length === 1 ? start.column + inLine : inLine + 1,
    ...(fault.path === undefined ? {} : { path: fault.path }),
  };
}

const fill = (template: string, params: Fault['params']): string =>
  template.replace(/\{(\w+)\}/g, (_whole, name: string) => String(params[name] ?? ''));
