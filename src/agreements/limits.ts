/**
 * How much an agreement may be. A lawful one stays far below; a hostile one is refused before it costs memory or time.
 */
export const LIMITS = {
  /** Bytes of one file. */
  file: 131_072,
  /** Files of one agreement. */
  files: 300,
  /** Bytes of all files. */
  folder: 1_048_576,
  /** Levels of nesting in a file. */
  depth: 24,
  /** Findings that one check reports; a file of noise must not fill a screen for ever. */
  findings: 500,
  /** Characters of one expression. */
  expression: 8_000,
  /** Steps of evaluation that one check takes: the pension agreement needs a hundredth of them. */
  steps: 20_000_000,
  /** Combinations of answers that the reachability check walks. */
  combinations: 20_000,
} as const;
