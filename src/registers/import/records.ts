import { parse } from 'csv-parse/sync';
import { type Line, LONGEST_LINE } from './lines.ts';
import type { Refusal } from './read-value.ts';

/** One line as fields, or why it has none. */
export type Record = { line: number; fields: string[] } | ({ line: number } & Refusal);

/**
 * Lines as records of CSV (RFC 4180, with the file's own delimiter). A record is one line here: a quotation mark that is not closed
 * spoils its own row and no other, where a reader that lets fields go on over lines would lose what follows.
 */
export function readRecords(lines: readonly Line[], delimiter: string): Record[] {
  const readable = lines.filter((line): line is Required<Line> => line.text !== undefined);
  const fields = parseTogether(readable, delimiter) ?? readable.map((line) => parseAlone(line, delimiter));
  let next = 0;
  return lines.map(({ number, text }): Record => {
    if (text === undefined) return { line: number, reason: 'ROW_TOO_LONG', params: { limit: LONGEST_LINE } };
    const found = fields[next++];
    return found === undefined ? { line: number, reason: 'ROW_QUOTES', params: {} } : { line: number, fields: found };
  });
}

/** The fast way, for lines without a fault: nothing unless each line gave one record. */
function parseTogether(lines: readonly Required<Line>[], delimiter: string): string[][] | undefined {
  try {
    const records = parse(lines.map((line) => line.text).join('\n'), options(delimiter));
    return records.length === lines.length ? records : undefined;
  } catch {
    return undefined;
  }
}

function parseAlone(line: Required<Line>, delimiter: string): string[] | undefined {
  try {
    return parse(line.text, options(delimiter))[0];
  } catch {
    return undefined;
  }
}

function options(delimiter: string) {
  return { delimiter, record_delimiter: '\n', relax_column_count: true, max_record_size: 2 * LONGEST_LINE } as const;
}
