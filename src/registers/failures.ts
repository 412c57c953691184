/** Every refusal of this room: code and sentence. */
export const REGISTERS_FAILURES = {
  REGISTERS_DEFINITION_WRONG: 'The register definition {file} is wrong at {path}: {reason}.',
  REGISTERS_UNKNOWN: 'There is no register {register} here.',
  REGISTERS_NOT_OWNER: 'The register {register} belongs to another agency than {agency}.',
  REGISTERS_NOT_SERVED: 'The agency {agency} serves no evidence of the type {type}.',
  REGISTERS_HEADER_MISSING: 'The file has no column {header}, which {register} needs.',
  REGISTERS_FILE_EMPTY: 'The file for {register} has no line.',
  REGISTERS_ROW_UNKNOWN: 'The register {register} has no such row.',
  REGISTERS_ROW_CHANGED: 'The row was changed meanwhile: look at it again.',
  REGISTERS_CORRECTION_EMPTY: 'The correction changes nothing.',
  REGISTERS_CORRECTION_KEY: 'The column {column} says which row or whose row it is and cannot be corrected.',
  REGISTERS_CORRECTION_WRONG: 'The corrected row is wrong: {reason} in {column}.',
  REGISTERS_REASON_MISSING: 'A correction needs a reason.',
  REGISTERS_RESIDENT_UNKNOWN: 'The person is not in the population register of {state}.',
  REGISTERS_QUERY_WRONG: 'The question is not of the form that is agreed: {reason}.',
  REGISTERS_CONTRACT_UNKNOWN: 'This state has not ratified the contract {contract}, under which it is asked.',
  REGISTERS_NOT_HOME: 'The state {state} asks about a person of another state.',
  REGISTERS_ASSERTION_FORGED: 'The assertion about the person is not signed by {state}.',
  REGISTERS_ASSERTION_OTHER: 'The assertion is about another question ({member}).',
  REGISTERS_ASSERTION_OLD: 'The assertion was made at {at}, which is too long ago.',
  REGISTERS_ASSERTION_EARLY: 'The assertion was made at {at}, which is in the future: compare the clocks.',
  REGISTERS_ASSURANCE_LOW: 'The person was not identified surely enough: {assurance}.',
  REGISTERS_PURPOSE_OTHER: 'The question has another purpose or ground than the agreement.',
  REGISTERS_RATE: 'The state {state} asks more than {limit} questions an hour: try again later.',
  REGISTERS_EVIDENCE_FORGED: 'The evidence is not signed by the agency {agency}.',
  REGISTERS_EVIDENCE_OTHER: 'The evidence is not what was asked for ({member}).',
  REGISTERS_EVIDENCE_EXPIRED: 'The evidence was valid until {until}.',
} as const;

/** Why a row of a file is not taken. Each names the line; `column` where one is at fault. Never the value: it may be personal data. */
export const ROW_REASONS = {
  ROW_QUOTES: 'The quotation marks do not pair, or the row goes on in the next line.',
  ROW_WIDTH: 'The row has {found} fields, the header has {wanted}.',
  ROW_TOO_LONG: 'The line is longer than {limit} characters.',
  ROW_ENCODING: 'The line holds bytes that are no text in the encoding {encoding}.',
  ROW_TWICE: 'The line {first} has the same key and says something else.',
  ROW_CORRECTED:
    'An officer corrected this row here; the file now says a third thing. Correct it again, or in the source.',
  VALUE_MISSING: 'The column {column} must not be empty.',
  VALUE_TYPE: 'The column {column} does not hold a {type}.',
  VALUE_PATTERN: 'The column {column} does not have the agreed form.',
  VALUE_UNKNOWN: 'The column {column} holds a code that is not in the list.',
  VALUE_RANGE: 'The column {column} is out of range.',
  VALUE_LENGTH: 'The column {column} is longer than {limit} characters.',
  DATES_REVERSED: 'The column {column} is before the column {before}.',
} as const;

export type RowReason = keyof typeof ROW_REASONS;
