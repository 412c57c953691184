/** Values that a failure carries so that a sentence can be made of it in any language. Never personal data. */
export type FailureParams = Readonly<Record<string, string | number>>;

/**
 * A refusal that a person or a script may see: a stable code and the values of its sentence.
 *
 * The code begins with the room that refuses (`EXCHANGE_CLOCK_SKEW`). Sentences stand in each room's `failures.ts`, words for
 * people in the message catalogues under `error.<CODE>`. Params end up in logs: no personal data in them.
 *
 * @example throw new Failure('STORAGE_DISK_FULL', { folder: '/srv/commonway' });
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly params: FailureParams;

  constructor(code: string, params: FailureParams = {}, options: { cause?: unknown } = {}) {
    const shown = Object.keys(params).length === 0 ? code : `${code} ${JSON.stringify(params)}`;
    super(shown, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.params = params;
  }
}

/**
 * The sentence of a failure, from a table of templates such as a room's `failures.ts`.
 * A code that the table lacks gives the bare code with its params.
 *
 * @example failureSentence({ DOOR_SHUT: 'The door of {room} is shut.' }, new Failure('DOOR_SHUT', { room: 'x' }))
 */
export function failureSentence(table: Readonly<Record<string, string>>, failure: Failure): string {
  const template = table[failure.code];
  if (template === undefined) return failure.message;
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(failure.params[name] ?? whole));
}

/** Whether `error` is a failure, and of one of the given codes when any are given. */
export function isFailure(error: unknown, ...codes: string[]): error is Failure {
  return error instanceof Failure && (codes.length === 0 || codes.includes(error.code));
}

/**
 * What may be written to a log or a job row about any error: code and place, never values, since the messages of parsers and of
 * PostgreSQL quote what they were given.
 *
 * @example describeError(new RangeError('x')) // 'RangeError at decide (src/cases/decide.ts:12:9)'
 */
export function describeError(error: unknown): string {
  if (error instanceof Failure) return error.message;
  if (!(error instanceof Error)) return typeof error;
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const parts = [error.name, code, constraint ?? table].filter((part): part is string => typeof part === 'string');
  const frame = error.stack?.split('\n').find((line) => /^\s+at /.test(line) && !/node:|node_modules/.test(line));
  return frame === undefined ? parts.join(' ') : `${parts.join(' ')} ${frame.trim()}`;
}
