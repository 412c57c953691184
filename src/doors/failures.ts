/** Every refusal of this room: code -> one English sentence. Those of the protocols that doors speak are written in their own words. */
export const doorsFailures = {
  DOORS_PORT_TAKEN: 'The port {port} for information systems is taken by another program.',
  DOORS_API_UNPROVEN: 'The connection does not tell which information system calls: {reason}.',
  DOORS_API_NOT_ADMINISTRATOR: 'Only the administrator system of {agency} may do this.',
  DOORS_API_UNKNOWN: 'There is nothing under this address.',
  DOORS_API_METHOD: 'This address takes {allow}.',
  DOORS_API_MEDIA_TYPE: 'The content must be {wanted}.',
  DOORS_API_MALFORMED: 'The request is not of its form: {reason}.',
  DOORS_API_TOO_LARGE: 'The request is larger than {most} bytes.',
  DOORS_API_RATE: 'More than {most} requests in ten seconds; the next may come at {until}.',
  DOORS_API_PEER: 'The node of {state} does not answer at this moment.',
  DOORS_API_INTERNAL: 'The node failed; its operator finds why under the reference.',
  DOORS_API_UNAVAILABLE: 'The node cannot work at this moment; nothing was taken.',
  DOORS_HEAD: 'The head of a call is not of a form that this node knows: {reason}.',
  DOORS_ANSWER_NOT_JSON: 'The grant lets named fields of a JSON answer through, and the answer is not JSON.',
  DOORS_ANSWER_TOO_LARGE: 'The answer is larger than the {most} bytes of which fields or persons can be told.',
  DOORS_ANSWER_UNNAMED: 'The answer does not name whom it is about where the service says it does: {reason}.',
  DOORS_REQUEST_NONCONFORMING: 'The request is not as the OpenAPI document of the service says: {place} ({reason}).',
  DOORS_REQUEST_UNCHECKED:
    'The request is larger than {most} bytes or encoded, and the service takes only what can be held against its OpenAPI document.',
  DOORS_ANSWER_NONCONFORMING: 'The answer is not as the OpenAPI document of the service says: {place} ({reason}).',
  DOORS_ANSWER_UNCHECKED:
    'The answer is larger than {most} bytes or encoded, and only what can be held against the OpenAPI document of the service may leave.',
  DOORS_PERSONS_TOO_MANY: 'The call is about more than {most} persons.',
} as const;
