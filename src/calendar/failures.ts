/** Every refusal of this room: code and sentence. */
export const CALENDAR_FAILURES = {
  CALENDAR_STATE_UNKNOWN: 'No time zone is known for the state {state}.',
  CALENDAR_DATE_WRONG: 'This is not a calendar day of the form YYYY-MM-DD.',
  CALENDAR_DURATION_WRONG: 'This is not an ISO 8601 duration such as P30D or PT10M: {duration}.',
} as const;
