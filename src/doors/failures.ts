/** Every refusal of this room: code -> one English sentence. Those of the protocols that doors speak are written in their own words. */
export const doorsFailures = {
  DOORS_PORT_TAKEN: 'The port {port} for information systems is taken by another program.',
  DOORS_HEAD: 'The head of a call is not of a form that this node knows: {reason}.',
} as const;
