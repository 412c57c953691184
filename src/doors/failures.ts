/** Every refusal of this room: code -> one English sentence. Those of the protocols that doors speak are written in their own words. */
export const doorsFailures = {
  DOORS_PORT_TAKEN: 'The port {port} for information systems is taken by another program.',
  DOORS_HEAD: 'The head of a call is not of a form that this node knows: {reason}.',
  DOORS_ANSWER_NOT_JSON: 'The grant lets named fields of a JSON answer through, and the answer is not JSON.',
  DOORS_ANSWER_TOO_LARGE: 'The answer is larger than the {most} bytes of which fields or persons can be told.',
  DOORS_ANSWER_UNNAMED: 'The answer does not name whom it is about where the service says it does: {reason}.',
  DOORS_PERSONS_TOO_MANY: 'The call is about more than {most} persons.',
} as const;
