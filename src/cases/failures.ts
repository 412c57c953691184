/** What this room refuses, each with its stable code. */
export const CASES_FAILURES = {
  CASE_NOT_FOUND: 'There is no such case for this officer.',
  CASE_LOG_BROKEN: 'The log of case {case} does not hold at action {sequence}.',
  CASE_MOVED: 'Somebody else acted on the case meanwhile: look at it again.',
  CASE_NOT_OPEN: 'The case is {phase}: nothing can be confirmed or returned.',
  CASE_UNDECIDED: 'The rules give no decision on this evidence: it must be completed first.',
  CASE_SAME_OFFICER: 'This officer has already confirmed: another one must.',
  CASE_REASON_MISSING: 'A reason is needed.',
  CASE_TEXT_LONG: 'The text is longer than {limit} characters.',
  CASE_AGENCY_KEY_MISSING: 'This node has no key of the agency {agency}.',
  CLAIM_INVALID: 'The claim does not prove itself: {reason}.',
  CLAIM_CONTRACT_UNKNOWN: 'This node has not ratified the contract {contract}.',
  CLAIM_TWICE: 'There is a case of this application already.',
  SUPPLEMENT_INVALID: 'What was added to an application does not prove itself: {reason}.',
  CLAIM_NOT_FOR_US: 'The claim names another deciding state.',
} as const;
