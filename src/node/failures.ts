/** Refusals of the composition root: code -> one English sentence. */
export const nodeFailures = {
  NODE_CALL_OUTCOME_UNKNOWN: 'The call {call} to {to} was not answered in time: whether it took effect is not known.',
  NODE_CALL_TOO_LARGE: 'A call carries at most {most} bytes.',
  NODE_CALL_MALFORMED: 'The content of a call is malformed.',
} as const;
