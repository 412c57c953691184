/** Every finding of the loader: stable code and sentence. Codes are never reused for another meaning. */
export const AGREEMENT_FINDINGS = {
  // The folder and its files.
  AGREEMENT_FOLDER_UNREADABLE: 'The folder {path} cannot be read.',
  AGREEMENT_FILE_MISSING: 'The file {path} is missing.',
  AGREEMENT_FILE_UNKNOWN: '{path} has no place in an agreement.',
  AGREEMENT_FILE_KIND: '{path} is neither a plain file nor a plain folder.',
  AGREEMENT_FILE_TOO_LARGE: '{path} is larger than {limit} bytes.',
  AGREEMENT_TOO_MANY_FILES: 'The agreement has more than {limit} files, or more than {bytes} bytes.',
  AGREEMENT_ENCODING: '{path} is not UTF-8.',
  AGREEMENT_CONTROL_CHARACTER: 'A control character {character} stands here.',
  // YAML.
  AGREEMENT_YAML_SYNTAX: 'This is not YAML: {reason}',
  AGREEMENT_YAML_DUPLICATE_KEY: 'The key {key} stands here twice.',
  AGREEMENT_YAML_ALIAS: 'Anchors and aliases are not used in an agreement.',
  AGREEMENT_YAML_TAG: 'Tags are not used in an agreement.',
  AGREEMENT_YAML_DEPTH: 'The file is nested deeper than {limit} levels.',
  AGREEMENT_YAML_KEY: 'A key must be a plain text.',
  // Shape.
  AGREEMENT_UNKNOWN_KEY: 'The key {key} is not known here.',
  AGREEMENT_MISSING_KEY: 'The key {key} is missing.',
  AGREEMENT_WRONG_TYPE: 'This must be {expected}.',
  AGREEMENT_WRONG_VALUE: 'This value is not allowed: {reason}.',
  AGREEMENT_NAME_MISMATCH: 'The file is named {file}, but what it defines is named {name}.',
  // References.
  AGREEMENT_ARTICLE_UNKNOWN: 'The agreement has no article {name}.',
  AGREEMENT_ROLE_UNKNOWN: 'The agreement has no role {name}.',
  AGREEMENT_TRANSACTION_UNKNOWN: 'The agreement has no transaction {name}.',
  AGREEMENT_EVIDENCE_UNKNOWN: 'The agreement has no evidence type {name}.',
  AGREEMENT_SERVICE_UNKNOWN: 'The agreement has no service {name}.',
  AGREEMENT_DOCUMENT_UNKNOWN: 'The agreement has no document type {name}.',
  AGREEMENT_FORM_UNKNOWN: 'The agreement has no form {name}.',
  AGREEMENT_FIELD_UNKNOWN: 'The service has no field {name}.',
  AGREEMENT_RULE_UNKNOWN: 'The agreement has no rule {name}.',
  AGREEMENT_STAGE_UNKNOWN: 'The service has no stage {name}.',
  AGREEMENT_STATE_UNKNOWN: '{name} is not a party of the agreement.',
  AGREEMENT_NAME_TAKEN: 'The name {name} is taken by {other}.',
  AGREEMENT_UNUSED: 'Nothing uses {name}.',
  // Transactions and evidence.
  AGREEMENT_TRANSACTION_SHAPE: 'The transaction {code} does not fit: {reason}.',
  AGREEMENT_TRANSACTION_TIMER: 'The transaction {code} has no time to {timer}.',
  AGREEMENT_SCHEMA: 'The schema of the facts says what is not supported: {reason}.',
  AGREEMENT_LABELS: 'The labels do not fit the schema: {reason}.',
  AGREEMENT_CONSENT_FIELD: 'The ground is consent, so {name} must be a yes-or-no field of the service.',
  AGREEMENT_STAGE_SHAPE: 'The stage {name} does not fit: {reason}.',
  // Forms.
  AGREEMENT_FIELD_NOT_PLACED: 'No page asks the field {name}.',
  AGREEMENT_FIELD_PLACED_TWICE: 'The field {name} is placed more than once.',
  AGREEMENT_FIELD_USED_EARLY: 'The field {name} is used here before it is asked.',
  AGREEMENT_FIELD_SHAPE: 'The field {name} does not fit its type: {reason}.',
  AGREEMENT_PAGE_UNREACHABLE: 'No answers lead to {name}.',
  // Rules.
  AGREEMENT_FACT_NOT_FETCHED: 'This uses the evidence {name}, which the service does not fetch.',
  AGREEMENT_FACT_NOT_ASKED: 'This uses the field {name}, which the service does not ask.',
  AGREEMENT_RULE_NOT_LISTED: 'The rule {name} is used here but not listed in the decision of the service.',
  AGREEMENT_RULE_CYCLE: 'The rules {names} need each other.',
  AGREEMENT_RULE_REFERENCE: 'The rule {name} takes the entitlement date, which is made from it.',
  AGREEMENT_RULE_SHAPE: 'The rule {name} does not fit: {reason}.',
  AGREEMENT_VERSIONS_OVERLAP: 'Two versions of {name} are in force on {date}.',
  AGREEMENT_VERSIONS_GAP: 'No version of {name} is in force on {date}.',
  // Processes.
  AGREEMENT_STAGE_NO_EXIT: 'A case of {service} that comes to the stage {stage} never leaves it.',
  AGREEMENT_STAGE_ORDER: 'The stage {stage} of {service} stands before {before}, which must come first.',
  AGREEMENT_TRANSACTION_UNANSWERED: 'The transaction {code} can never be carried out by the role {role}.',
  AGREEMENT_DEADLOCK: 'In {service} the roles {one} and {other} can wait for each other for ever.',
  AGREEMENT_OUTCOME_UNREACHABLE: 'A case of {service} can never be {outcome}: {where}.',
  AGREEMENT_CONSENT_NOT_ASKED:
    'The evidence {type} rests on the consent {field}, which some citizens are never asked for.',
  AGREEMENT_NOBODY_DECIDES: 'Some applications of {service} name no authority to decide on them.',
  AGREEMENT_TIMER_ORDER: 'In {code} {first} ({earlier}) is longer than {second} ({later}).',
  // Annexes.
  AGREEMENT_ANNEX_MISSING: 'The state {state} has no annex.',
  AGREEMENT_ROLE_UNBOUND: 'The annex of {state} names no agency for the role {name}.',
  AGREEMENT_NATIONAL_RULE_MISSING: 'The annex of {state} lacks the national rule {name}.',
  AGREEMENT_NATIONAL_RULE_UNKNOWN: 'The agreement has no national rule {name}.',
  AGREEMENT_CONFIRMATIONS: 'The confirmations do not fit: {reason}.',
  // Texts.
  AGREEMENT_TEXT_MISSING: 'The text {id} is missing in {language}.',
  AGREEMENT_TEXT_UNUSED: 'Nothing uses the text {id}.',
  AGREEMENT_TEXT_SYNTAX: 'The text {id} is not a message: {reason}.',
  AGREEMENT_TEXT_PARAMETERS: 'The text {id} takes {found} in {language}, but {expected} in {other}.',
  // Scenarios.
  AGREEMENT_SCENARIO_FAILED: 'The scenario {name} does not hold: {reason}.',
  AGREEMENT_SCENARIO_FACTS: 'The facts of {name} do not fit its schema: {reason}.',
  AGREEMENT_ROW_NOT_MET: 'No scenario meets the row {row} of {rule}.',
} as const;

/** Refusals at run time. */
export const AGREEMENT_FAILURES = {
  AGREEMENT_NOT_LOADED: 'The agreement in {folder} has {count} faults; the first is {code} in {file}, line {line}.',
  AGREEMENT_NO_SERVICE: 'The agreement {agreement} has no service {service}.',
  AGREEMENT_PAGE_NOT_REACHED: 'The answers do not lead to a page {page}.',
  AGREEMENT_THING_NOT_FOUND: 'The list has no such thing, or it has been taken out.',
  AGREEMENT_NO_STATE: '{state} is not a party of the agreement {agreement}.',
  AGREEMENT_NO_DOCUMENT: 'The agreement {agreement} issues no document {type}.',
  AGREEMENT_NO_EVIDENCE: 'The agreement {agreement} has no evidence type {type}.',
  AGREEMENT_FACTS_REFUSED: 'The facts of {type} do not fit their schema at {path} ({reason}).',
} as const;
