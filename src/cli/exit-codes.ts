/** What this program tells scripts by its exit: the numbers of sysexits(3), which do not change. `verify` has its own: 0, 1, 2. */
export const EXIT = {
  ok: 0,
  usage: 64,
  badInput: 65,
  noInput: 66,
  unavailable: 69,
  internal: 70,
  cannotCreate: 73,
  ioError: 74,
  busy: 75,
  noPermission: 77,
  badConfiguration: 78,
  interrupted: 130,
} as const;

/**
 * Refusals that have a number of their own; those of charters, manifests and key files are `badConfiguration`, those of DMN files
 * `badInput`, all others `internal`.
 */
const BY_CODE: Readonly<Record<string, number>> = {
  CLI_COMMAND_UNKNOWN: EXIT.usage,
  CLI_OPTION_WRONG: EXIT.usage,
  CLI_ARGUMENT_MISSING: EXIT.usage,
  CLI_ARGUMENT_EXTRA: EXIT.usage,
  CLI_PORT_WRONG: EXIT.usage,
  CLI_STATE_UNKNOWN: EXIT.usage,
  CLI_FRESH_UNASKED: EXIT.usage,
  CLI_FRESH_DECLINED: EXIT.usage,
  CLI_PERSONA_UNKNOWN: EXIT.usage,
  CLI_BENCH_UNKNOWN: EXIT.usage,
  CLI_BENCH_CASES: EXIT.noInput,
  CLI_ERROR_UNKNOWN: EXIT.usage,
  CLI_INTERRUPTED: EXIT.interrupted,
  CLI_RENEWAL_BEGUN: EXIT.usage,
  CLI_RENEWAL_NONE: EXIT.usage,
  CLI_FILE_MISSING: EXIT.noInput,
  CLI_SEEDS_WRONG: EXIT.badConfiguration,
  CLI_PORT_BUSY: EXIT.busy,
  CLI_PORT_NONE: EXIT.busy,
  CLI_PORTS_FIXED: EXIT.usage,
  CLI_RUNNING_ALREADY: EXIT.busy,
  CLI_NOT_RUNNING: EXIT.unavailable,
  CLI_NO_UNION: EXIT.noInput,
  CLI_FOREIGN_FOLDER: EXIT.cannotCreate,
  CLI_OTHER_FORMAT: EXIT.cannotCreate,
  CLI_OTHER_OWNER: EXIT.noPermission,
  CLI_FOLDER_TAKEN: EXIT.cannotCreate,
  CLI_FOLDER_UNWRITABLE: EXIT.cannotCreate,
  CLI_DISK_FULL: EXIT.cannotCreate,
  CLI_LANGUAGE_UNKNOWN: EXIT.usage,
  CLI_DAY_WRONG: EXIT.usage,
  CLI_RATIFY_PAST: EXIT.usage,
  CLI_RATIFY_SAME: EXIT.usage,
  CLI_WITHDRAW_NONE: EXIT.usage,
  AGREEMENT_SAME_PERSON: EXIT.noPermission,
  AGREEMENT_APPROVER_UNFIT: EXIT.noPermission,
  AGREEMENT_PUBLISHER_UNFIT: EXIT.noPermission,
  AGREEMENT_PREPARED_NONE: EXIT.noInput,
  AGREEMENT_PREPARED_MANY: EXIT.usage,
  AGREEMENT_EDITION_FORM: EXIT.badInput,
  AGREEMENT_EDITION_DIGEST: EXIT.badInput,
  AGREEMENT_EDITION_FORGED: EXIT.badInput,
  AGREEMENT_EDITION_ALONE: EXIT.badInput,
  CRYPTO_SEALED_FORM: EXIT.badInput,
  AGREEMENT_EDITION_UNKNOWN: EXIT.noInput,
  AGREEMENT_VERSION_UNKNOWN: EXIT.noInput,
  AGREEMENT_NOT_LOADED: EXIT.badInput,
  AGREEMENT_NO_STATE: EXIT.usage,
  CLI_NODE_STOPPED: EXIT.unavailable,
  CLI_NODE_SILENT: EXIT.unavailable,
  STORAGE_UNREACHABLE: EXIT.unavailable,
  STORAGE_REFUSED: EXIT.noPermission,
  STORAGE_NO_SERVER: EXIT.unavailable,
  STORAGE_FOREIGN_FOLDER: EXIT.cannotCreate,
  STORAGE_OTHER_VERSION: EXIT.cannotCreate,
  STORAGE_OTHER_OWNER: EXIT.noPermission,
  STORAGE_DISK_FULL: EXIT.cannotCreate,
  STORAGE_NOT_WRITABLE: EXIT.cannotCreate,
  STORAGE_NO_UNPRIVILEGED_USER: EXIT.noPermission,
  STORAGE_SERVER_FAILED: EXIT.unavailable,
  REGISTERS_UNKNOWN: EXIT.usage,
  REGISTERS_NOT_OWNER: EXIT.noPermission,
  REGISTERS_HEADER_MISSING: EXIT.badInput,
  REGISTERS_FILE_EMPTY: EXIT.badInput,
};

/** The exit number of a refusal. */
export function exitCodeOf(code: string): number {
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (code.startsWith('DMN_')) return EXIT.badInput;
  return code.startsWith('UNION_') ? EXIT.badConfiguration : EXIT.internal;
}
