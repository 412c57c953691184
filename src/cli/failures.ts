/** Every refusal of this room: code and sentence. */
export const CLI_FAILURES = {
  CLI_COMMAND_UNKNOWN: "There is no command '{command}'{hint} See ./commonway --help.",
  CLI_OPTION_WRONG: '{reason} See ./commonway {command} --help.',
  CLI_ARGUMENT_MISSING: './commonway {command} needs {argument}. See ./commonway {command} --help.',
  CLI_ARGUMENT_EXTRA:
    "./commonway {command} does not know what to do with '{argument}'. See ./commonway {command} --help.",
  CLI_PORT_WRONG: "'{port}' is not a port: give a whole number from 1024 to 65526.",
  CLI_STATE_UNKNOWN: "There is no state '{state}' in this union: it has {states}.",
  CLI_FRESH_UNASKED: 'Nothing was deleted: without a terminal to ask on, --fresh needs --yes.',
  CLI_FRESH_DECLINED: 'Nothing was deleted.',
  CLI_BENCH_UNKNOWN: "There is no bench '{name}': there are {names}.",
  CLI_BENCH_CASES:
    'The bench {name} runs on cases that are not part of this repository: get {repository}, then give its folder by --cases or by the variable DMN_TCK.',
  CLI_ERROR_UNKNOWN: "No refusal has the code '{code}'. ./commonway errors lists them all.",
  CLI_SCHEMA_UNKNOWN: "No file of an agreement is of the kind '{kind}': there are {kinds}.",
  CLI_NAME_WRONG: "'{name}' is no name for an agreement: small letters, digits and hyphens, such as work-permit.",
  CLI_STATES_WRONG:
    "'{state}' cannot stand in the list of states: give codes of two letters, each once, such as kz,kg.",
  CLI_FOLDER_TAKEN: 'The folder {folder} is there already; nothing was written.',
  CLI_PERSONA_UNKNOWN: "seeds/personas tells no story of '{persona}'.",
  CLI_STORY_STUCK: 'The story does not go on: {reason}',
  CLI_INTERRUPTED: 'Stopped before the end.',
  CLI_FILE_MISSING: 'The file {file} cannot be read ({reason}).',
  CLI_SEEDS_WRONG: 'The file {file} does not describe a union: {reason}.',
  CLI_PORT_BUSY: 'Port {port}, which the union in {folder} needs, is in use by another program.',
  CLI_PORT_NONE: 'No ten free ports in a row were found from {from} to {to}.',
  CLI_PORTS_FIXED: 'The union in {folder} was founded on ports from {port} on; only --fresh can give it others.',
  CLI_RUNNING_ALREADY: 'The union in {folder} is running already (process {pid}); its portals begin at {portal}.',
  CLI_NOT_RUNNING: 'The union in {folder} is not running.',
  CLI_NO_UNION: 'There is no union in {folder}: ./commonway up makes one.',
  CLI_FOREIGN_FOLDER: 'The folder {folder} holds data that is not a union of Commonway; it is left untouched.',
  CLI_OTHER_FORMAT:
    'The union in {folder} was written by another version of Commonway (format {found}, this one knows {wanted}); it is left untouched.',
  CLI_OTHER_OWNER: 'The folder {folder} belongs to another user ({owner}); this program runs as {user}.',
  CLI_FOLDER_UNWRITABLE: 'The folder {folder} cannot be written ({reason}).',
  CLI_DISK_FULL: 'The disk that holds {folder} is full: {needed} MB are needed, {free} MB are free.',
  CLI_EVIDENCE_UNKNOWN: 'The node of {state} knows no call, message or transaction {id}.',
  CLI_EVIDENCE_SEVERAL: 'The node of {state} has several calls that are named {id}; choose one by its own id: {calls}.',
  CLI_MESSAGE_UNKNOWN: 'There is no message {message} at the node of {state} with which this can be done.',
  CLI_COMPLAINT_UNKNOWN: "The node of {state} has no single complaint whose id begins with '{id}'.",
  CLI_RENEWAL_BEGUN:
    'The keys of {state} are being renewed already (version {version} of its manifest): end that by --finish first.',
  CLI_RENEWAL_NONE: 'No renewal of the keys of {state} was begun, so there is none to finish.',
  CLI_LANGUAGE_UNKNOWN: "'{language}' is not a language of the union: en, ru, kk, ky, hy, be.",
  CLI_DAY_WRONG: "'{day}' is not a day: write it as 2027-01-31.",
  CLI_RATIFY_PAST:
    'A ratification cannot begin on {day}: what was filed before must stay under what was in force then. The first possible day is {first}.',
  CLI_RATIFY_SAME: 'This is what {state} has ratified already, from {from} on.',
  CLI_WITHDRAW_NONE:
    '{state} has not ratified that contract of {agreement} for {day}, so there is nothing to withdraw.',
  CLI_NODE_STOPPED: 'The node of {state} did not start: {reason}',
  CLI_NODE_SILENT: 'The node of {state} was not ready within {seconds} seconds; its log is {log}.',
} as const;
