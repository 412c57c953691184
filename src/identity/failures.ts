/** Every refusal of this room. */
export const identityFailures = {
  IDENTITY_METHOD_UNKNOWN: 'There is no sign-in method {method}.',
  IDENTITY_DEMO_ONLY: 'The development sign-in exists only in a union whose charter is marked demo.',
  IDENTITY_LOOPBACK_ONLY:
    'The development sign-in exists only on a node bound to loopback, for requests from this machine.',
  IDENTITY_PERSONA_UNKNOWN: 'There is no such persona at this state.',
  IDENTITY_PERSONAS_INVALID: 'The list of personas is wrong at entry {entry}: {reason}.',
  IDENTITY_NOT_PERMITTED: 'This account may not {verb} at {agency}.',
  IDENTITY_SIGN_IN_NEEDED: 'This page needs a signed-in {kind}.',
  IDENTITY_SIGN_IN_AGAIN: 'This needs a sign-in of the last {minutes} minutes.',
  IDENTITY_PASSKEY_REFUSED: 'The answer of the passkey does not hold ({reason}).',
  IDENTITY_PASSKEY_TAKEN: 'This passkey belongs to an account already.',
  IDENTITY_PASSKEY_NAME: 'A passkey needs a name of at most {most} characters.',
  IDENTITY_PASSKEYS_FULL: 'An account has at most {most} passkeys.',
  IDENTITY_PASSKEY_UNKNOWN: 'This account has no such passkey.',
  IDENTITY_PASSKEY_LAST: 'The last passkey of an account stays where nothing else opens it.',
  IDENTITY_ENROLMENT_PERSON: 'The population register has no person of this number and birth date.',
  IDENTITY_ENROLMENT_NONE: 'No colleague has begun to enrol this person, or it is confirmed or over already.',
  IDENTITY_ENROLMENT_SAME_OFFICER: 'The officer who began to enrol a person does not confirm it.',
  IDENTITY_ENROLMENT_CODE: 'The code is wrong, used, over, or not confirmed.',
} as const;
