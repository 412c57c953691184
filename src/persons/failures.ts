/** Every refusal of this room: code and sentence. */
export const PERSONS_FAILURES = {
  PERSONS_SUBJECT_UNKNOWN: 'There is no account of that name here.',
  PERSONS_SUBJECT_TAKEN: 'The account or the number in the population register is bound to another already.',
  PERSONS_REFERENCE_UNKNOWN: 'Nobody is known here by that reference.',
  PERSONS_CONSENT_UNKNOWN: 'The person has given no such consent.',
  PERSONS_LINK_UNKNOWN: 'The person has no such link.',
  PERSONS_NOTICE_EARLY: 'A notice of a use cannot be sent yet: {reason}.',
  PERSONS_NOTICE_WRONG: 'The notice of {state} is not what it should be: {reason}.',
  PERSONS_COUNTS_WRONG:
    'The statement of {state} on how often it used data of our persons is not what it should be: {reason}.',
  PERSONS_USAGE_OFF: 'No operator lets {system} read who used the data of persons.',
  PERSONS_USAGE_CONSUMER: 'What is said of the reader of access records is not usable: {reason}.',
} as const;
