/** Every refusal of this room: code -> one English sentence. Those marked (status) stand in the status of a message. */
export const messagesFailures = {
  MESSAGES_TYPE: 'The type of a message is lower-case words with dots or hyphens between them, at most 100 characters.',
  MESSAGES_KEY: 'The {what} is 1 to {most} printable characters without blanks.',
  MESSAGES_CONTENT: 'The content of the message is not usable: {reason}.',
  MESSAGES_TOO_LARGE: 'The content has {size} bytes; a message holds at most {most}.',
  MESSAGES_RATE: '{sender} has sent the {most} messages that it may send in a minute; the next may go at {until}.',
  MESSAGES_LIFE: 'A message waits for its receiver from 1 to {most} seconds.',
  MESSAGES_RECEIVER_UNKNOWN: 'No manifest of the union has an agency for the channel {channel}.',
  MESSAGES_KEY_REUSED: 'The idempotency key was used before for another message.',
  MESSAGES_UNKNOWN: 'There is no message {message} of {system}.',
  MESSAGES_CHANNEL_UNKNOWN: '{system} has no channel {channel}.',
  MESSAGES_LEASE: 'A lease lasts from 1 to {most} seconds.',
  MESSAGES_NOT_RESENT: 'The message {message} is {status}: only what is refused, expired or dead can be sent again.',
  MESSAGES_ERASED: 'The content of the message {message} is no longer here.',
  // (status)
  MESSAGES_UNACKNOWLEDGED: 'The message was handed out {deliveries} times and never acknowledged.',
  MESSAGES_EXPIRED: 'The message was not acknowledged in its time.',
  MESSAGES_REJECTED: 'The receiving system rejected the message.',
  MESSAGES_DROPPED: 'An operator of the receiving node dropped the message.',
  MESSAGES_FOREIGN_SENDER: 'The node of {from} cannot speak for {sender}.',
  MESSAGES_MALFORMED: 'The message of the other node is malformed.',
} as const;
