/** Days, time zones and deadlines of the states, as pure functions. */
export { deadline } from './deadline.ts';
export { addDuration } from './durations.ts';
export { CALENDAR_FAILURES } from './failures.ts';
export { dayOf, startOfDay, timeZoneOf, today } from './time-zones.ts';
export { type Holiday, workingDaysAfter } from './working-days.ts';
