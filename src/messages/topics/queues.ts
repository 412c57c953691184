/** Sends what a topic holds to one subscriber. */
export const FAN_OUT = 'messages/fan-out';
/** Deletes events whose time is over. */
export const SWEEP = 'messages/sweep';
