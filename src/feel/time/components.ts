import { add, divide } from '../number/arithmetic.ts';
import { DAYS_TIME, type FeelType, NUMBER, STRING } from '../types.ts';
import type { FeelValue } from '../values.ts';
import { weekdayOf } from './calendar.ts';
import { FeelDate } from './date.ts';
import { FeelDateTime } from './date-time.ts';
import { DaysTimeDuration, daysTime, durationParts, YearsMonthsDuration } from './duration.ts';
import type { TemporalValue } from './literal.ts';
import { FeelTime, NANOS_PER_SECOND } from './time.ts';
import type { Zone } from './zone.ts';

interface Component {
  readonly type: FeelType;
  readonly of: (value: never) => FeelValue;
}

type Components = Readonly<Record<string, Component>>;

const part = <T extends TemporalValue>(type: FeelType, of: (value: T) => FeelValue): Component => ({ type, of });

const offsetOf = (zone: Zone | null): FeelValue => (zone === null ? null : daysTime(0, zone.offset * NANOS_PER_SECOND));

const signed = (duration: DaysTimeDuration, size: number): number => (duration.negative ? 0 - size : size);

/** What `date.year`, `duration.hours` and so on read, by kind of value (DMN 1.5, table 65). */
const COMPONENTS: Readonly<Record<string, Components>> = {
  date: {
    year: part<FeelDate>(NUMBER, (date) => date.year),
    month: part<FeelDate>(NUMBER, (date) => date.month),
    day: part<FeelDate>(NUMBER, (date) => date.day),
    weekday: part<FeelDate>(NUMBER, (date) => weekdayOf(date.days)),
  },
  time: {
    hour: part<FeelTime>(NUMBER, (time) => time.hour),
    minute: part<FeelTime>(NUMBER, (time) => time.minute),
    second: part<FeelTime>(NUMBER, (time) => time.second),
    'time offset': part<FeelTime>(DAYS_TIME, (time) => offsetOf(time.zone)),
    timezone: part<FeelTime>(STRING, (time) => time.zone?.id ?? null),
  },
  'date and time': {
    year: part<FeelDateTime>(NUMBER, ({ date }) => date.year),
    month: part<FeelDateTime>(NUMBER, ({ date }) => date.month),
    day: part<FeelDateTime>(NUMBER, ({ date }) => date.day),
    weekday: part<FeelDateTime>(NUMBER, ({ date }) => weekdayOf(date.days)),
    hour: part<FeelDateTime>(NUMBER, ({ nanos }) => new FeelTime(nanos, null).hour),
    minute: part<FeelDateTime>(NUMBER, ({ nanos }) => new FeelTime(nanos, null).minute),
    second: part<FeelDateTime>(NUMBER, ({ nanos }) => new FeelTime(nanos, null).second),
    'time offset': part<FeelDateTime>(DAYS_TIME, ({ zone }) => offsetOf(zone)),
    timezone: part<FeelDateTime>(STRING, ({ zone }) => zone?.id ?? null),
  },
  'days and time duration': {
    days: part<DaysTimeDuration>(NUMBER, (duration) => signed(duration, durationParts(duration).days)),
    hours: part<DaysTimeDuration>(NUMBER, (duration) => signed(duration, durationParts(duration).hours)),
    minutes: part<DaysTimeDuration>(NUMBER, (duration) => signed(duration, durationParts(duration).minutes)),
    seconds: part<DaysTimeDuration>(NUMBER, (duration) => {
      const { seconds, nanos } = durationParts(duration);
      return add(signed(duration, seconds), divide(signed(duration, nanos), NANOS_PER_SECOND) ?? 0);
    }),
  },
  'years and months duration': {
    years: part<YearsMonthsDuration>(NUMBER, ({ months }) => Math.trunc(months / 12) + 0),
    months: part<YearsMonthsDuration>(NUMBER, ({ months }) => (months % 12) + 0),
  },
};

const componentsOf = (kind: string): Components => (Object.hasOwn(COMPONENTS, kind) ? (COMPONENTS[kind] ?? {}) : {});

const lookUp = (kind: string, name: string): Component | undefined => {
  const components = componentsOf(kind);
  return Object.hasOwn(components, name) ? components[name] : undefined;
};

/** The names that can stand behind the point after a value of this kind. */
export const componentNames = (kind: string): string[] => Object.keys(componentsOf(kind));

/** The type of a component; undefined where the kind has none of that name. */
export const componentType = (kind: string, name: string): FeelType | undefined => lookUp(kind, name)?.type;

/** Reads a component of values that are known to be of a kind; of anything else it is undefined. */
export function componentReader(kind: string, name: string): ((value: FeelValue) => FeelValue | undefined) | undefined {
  const found = lookUp(kind, name);
  const type = CLASSES[kind];
  if (found === undefined || type === undefined) return undefined;
  const of = found.of as (value: FeelValue) => FeelValue;
  return (value) => (value instanceof type ? of(value) : undefined);
}

const CLASSES: Readonly<Record<string, new (...args: never[]) => TemporalValue>> = {
  date: FeelDate,
  time: FeelTime,
  'date and time': FeelDateTime,
  'days and time duration': DaysTimeDuration,
  'years and months duration': YearsMonthsDuration,
};

/** The component of a value; undefined where its kind has none of that name. */
export function component(value: TemporalValue, name: string): FeelValue | undefined {
  return (lookUp(kindOfTemporal(value), name)?.of as ((value: TemporalValue) => FeelValue) | undefined)?.(value);
}

function kindOfTemporal(value: TemporalValue): string {
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelTime) return 'time';
  return value instanceof DaysTimeDuration ? 'days and time duration' : 'years and months duration';
}
