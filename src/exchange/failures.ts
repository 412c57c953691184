/** Every refusal of this room: code -> one English sentence. Those marked (wire) are answered to peers: docs/protocol.md. */
export const exchangeFailures = {
  // (wire) about a whole batch: nothing of it was taken; the sender tries again.
  EXCHANGE_FOREIGN_CERTIFICATE: 'The certificate of {peer} is pinned by no manifest of this union.',
  EXCHANGE_CLOCK_SKEW: 'The clocks of {sender} and {receiver} differ by {seconds} s; more than {most} s is refused.',
  EXCHANGE_BATCH_EXPIRED: 'The batch of {sender} expired at {expires}.',
  EXCHANGE_WRONG_SENDER: 'The batch is of {sender}, but it came from {peer}.',
  EXCHANGE_WRONG_RECEIVER: 'The batch is for {receiver}, not for {self}.',
  EXCHANGE_CHARTER_FORK: '{sender} has another content of charter version {version}.',
  EXCHANGE_SIGNATURE: 'The batch of {sender} is not signed by a valid messages key of its manifest: {reason}.',
  EXCHANGE_MERKLE_ROOT: 'The messages of the batch are not those that its root covers.',
  EXCHANGE_TOO_LARGE: 'The {what} has {size}, more than the limit of {most}.',
  EXCHANGE_MALFORMED: 'The {what} is malformed: {reason}.',
  EXCHANGE_CONTENT_DIGEST: 'The content does not have the digest that its Content-Digest field names.',
  EXCHANGE_HTTP_SIGNATURE: 'The HTTP message signature is missing or wrong: {reason}.',
  EXCHANGE_NOT_FOUND: 'There is nothing here.',
  EXCHANGE_BUSY: 'The node cannot take messages at this moment.',
  // (wire, signed) about one message: it was not taken and never will be.
  EXCHANGE_MESSAGE_EXPIRED: 'The message expired before it was received.',
  EXCHANGE_ID_REUSED: 'The id of the message was used before for another content.',
  EXCHANGE_SEQUENCE_TAKEN: 'The place of the message in its lane is taken by another message.',
  // here
  EXCHANGE_UNREACHABLE: '{peer} cannot be reached ({reason}).',
  EXCHANGE_ANSWER: 'The answer of {peer} is refused: {reason}.',
  EXCHANGE_PEER_REFUSED: '{peer} refused the batch: {code}.',
  EXCHANGE_RECEIVER_UNKNOWN: 'There is no state {to} to send to.',
  EXCHANGE_TYPE_UNKNOWN: 'No handler takes messages of the type {type}.',
  EXCHANGE_MESSAGE_UNKNOWN: 'The message {message} is not known here.',
  EXCHANGE_MESSAGE_ERASED: 'The content of the message {message} was erased.',
  EXCHANGE_PORT_TAKEN: 'The port {port} for the exchange is taken by another program.',
  EXCHANGE_TRANSACTION_UNKNOWN: 'The transaction {transaction} is not known here.',
  EXCHANGE_TRANSACTION_CLOSED: 'The transaction {transaction} is already {status}.',
  EXCHANGE_PATTERN: 'A transaction of the pattern {pattern} has no {step}.',
  EXCHANGE_TIMER: 'The timer {timer} is not an ISO 8601 duration.',
  EXCHANGE_CONTRACT_UNKNOWN: 'The contract or the transaction {code} in it is not known here.',
  EXCHANGE_UNDELIVERED: 'The message could not be delivered before it expired.',
  EXCHANGE_FILE: 'The file of the message is not valid: {reason}.',
} as const;

export type ExchangeFailureCode = keyof typeof exchangeFailures;
