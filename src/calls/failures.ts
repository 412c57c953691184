/** Every refusal of this room: code -> one English sentence. Those marked (wire) are said to peers: docs/protocol.md. */
export const callsFailures = {
  // (wire) about a whole batch: nothing of it was taken, and nothing of it will be done.
  CALLS_MALFORMED: 'The {what} of a call is malformed: {reason}.',
  CALLS_CLOCK_SKEW: 'The clocks of {sender} and {receiver} differ by {seconds} s; more than {most} s is refused.',
  CALLS_EXPIRED: 'The batch of calls of {sender} expired at {expires}.',
  CALLS_WRONG_PARTY: 'The batch of calls is of {sender} for {receiver}, but it came from {peer}.',
  CALLS_CHARTER: '{sender} works under another content of charter version {version}.',
  CALLS_SIGNATURE: 'The batch of calls of {sender} is not signed by a valid messages key of its manifest: {reason}.',
  CALLS_REPLAYED: 'The batch of calls of {sender} was received before.',
  CALLS_BUSY: 'The node cannot take calls at this moment.',
  // here
  CALLS_REFUSED: '{peer} refused the call, nothing was done: {code}.',
  CALLS_GIVEN_UP: 'The call to {peer} was given up before it left.',
  CALLS_OUTCOME_UNKNOWN: 'The call to {peer} was sent and no answer came: whether it was done is not known.',
  CALLS_BODY_BROKEN: 'A body broke off before its end: {reason}.',
  CALLS_TOO_LARGE: 'The {what} of the call is larger than {most} bytes.',
  CALLS_STOPPED: 'The node is stopping.',
  CALLS_RECEIVER_UNKNOWN: 'There is no state {to} to call.',
  CALLS_UNKNOWN: 'The call {call} is not known here.',
  CALLS_ERASED: 'The content of the call {call} was erased.',
  CALLS_FILE: 'The file of the call is not valid: {reason}.',
} as const;

export type CallsFailureCode = keyof typeof callsFailures;
