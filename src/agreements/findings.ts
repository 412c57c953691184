import type { FeelError } from '../feel/index.ts';
import { AGREEMENT_FINDINGS } from './failures.ts';
import { hintOf } from './hints.ts';
import { LIMITS } from './limits.ts';
import type { Finding, Position } from './types.ts';

/** A code of the table of findings. */
export type Code = keyof typeof AGREEMENT_FINDINGS;

/** Collects what is wrong, so that one check tells everything and not the first thing only. */
export interface Findings {
  add(
    code: Code,
    params: Readonly<Record<string, string | number>>,
    at: Position,
    hint?: string,
    details?: readonly string[],
  ): void;
  /** A finding of the rule language's own table. */
  addForeign(error: Pick<FeelError, 'code' | 'message' | 'hint'>, at: Position): void;
  /** Sorted by file and place, each once. */
  list(): Finding[];
  readonly count: number;
}

/** An empty collection. */
export function collectFindings(): Findings {
  const found = new Map<string, Finding>();
  return {
    add(code, params, { file: named, line, column }, hint, details) {
      const file = visible(named);
      if (found.size >= LIMITS.findings) return;
      const message = AGREEMENT_FINDINGS[code].replace(/\{(\w+)\}/g, (whole, name: string) =>
        visible(String(params[name] ?? whole)),
      );
      const finding: Finding = { code, file, line, column, message, hint: hint ?? hintOf(code) };
      if (details !== undefined) finding.details = details;
      found.set(`${file}\n${line}\n${column}\n${code}\n${message}`, finding);
    },
    addForeign({ code, message, hint }, { file, line, column }) {
      if (found.size >= LIMITS.findings) return;
      found.set(`${file}\n${line}\n${column}\n${code}\n${message}`, { code, file, line, column, message, hint });
    },
    list: () => [...found.values()].sort(inOrder),
    get count() {
      return found.size;
    },
  };
}

/** `agreement.yaml` first, then file by file, from the top of each. */
function inOrder(a: Finding, b: Finding): number {
  if (a.file !== b.file) {
    if (a.file === 'agreement.yaml') return -1;
    if (b.file === 'agreement.yaml') return 1;
    return a.file < b.file ? -1 : 1;
  }
  return a.line - b.line || a.column - b.column || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);
}

/** What a stranger wrote, safe for a terminal: no character of it turns a line or moves the cursor. */
function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
