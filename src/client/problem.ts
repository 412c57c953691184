/** A refusal of the node: RFC 9457, with its stable code. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  /** `ACCESS_DENIED`; 0 and `UNREACHABLE` where the node did not answer. */
  readonly code: string;
  /** The node's reference, for its operator. */
  readonly instance: string | undefined;
  /** For `denial(id)`. */
  readonly denial: string | undefined;
  /** Seconds after which it may be tried again. */
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    { code, detail, instance, denial }: { code: string; detail: string; instance?: string; denial?: string },
    retryAfter?: number,
  ) {
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.instance = instance;
    this.denial = denial;
    this.retryAfter = retryAfter;
  }

  /** Whether the same request may succeed later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}
