import { fractionText, NANOS_PER_DAY, NANOS_PER_SECOND } from './time.ts';

/** A FEEL days and time duration. (A class for the same reason as `FeelDate`.) */
export class DaysTimeDuration {
  /** Whole days, rounded down: minus one hour is -1 day and 23 hours. */
  readonly days: number;
  /** Nanoseconds beyond the days, never negative. */
  readonly nanos: number;

  constructor(days: number, nanos: number) {
    this.days = days;
    this.nanos = nanos;
  }

  get negative(): boolean {
    return this.days < 0;
  }

  toString(): string {
    const { days, hours, minutes, seconds, nanos } = durationParts(this);
    const second = seconds > 0 || nanos > 0 ? `${seconds}${fractionText(nanos)}S` : '';
    const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${second}`;
    const text = `${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
    return `${this.negative ? '-' : ''}P${text === '' ? 'T0S' : text}`;
  }
}

/** A FEEL years and months duration. (A class for the same reason as `FeelDate`.) */
export class YearsMonthsDuration {
  /** All of it in months. */
  readonly months: number;

  constructor(months: number) {
    this.months = months;
  }

  toString(): string {
    const total = Math.abs(this.months);
    const [years, months] = [Math.floor(total / 12), total % 12];
    const text = `${years > 0 ? `${years}Y` : ''}${months > 0 ? `${months}M` : ''}`;
    return `${this.months < 0 ? '-' : ''}P${text === '' ? '0M' : text}`;
  }
}

/** The absolute size of a duration by unit; its sign is `negative`. */
export function durationParts(duration: DaysTimeDuration): {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
  nanos: number;
} {
  const size = duration.negative ? negate(duration) : duration;
  const seconds = Math.floor(size.nanos / NANOS_PER_SECOND);
  return {
    days: size.days,
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
    nanos: size.nanos % NANOS_PER_SECOND,
  };
}

/** Brings any day and nanosecond counts into the one form; null when the days are beyond what is held exactly. */
export function daysTime(days: number, nanos: number): DaysTimeDuration | null {
  const carry = Math.floor(nanos / NANOS_PER_DAY);
  const whole = days + carry;
  if (!Number.isSafeInteger(whole) || !Number.isSafeInteger(nanos)) return null;
  return new DaysTimeDuration(whole + 0, nanos - carry * NANOS_PER_DAY);
}

export function negate(duration: DaysTimeDuration): DaysTimeDuration {
  return duration.nanos === 0
    ? new DaysTimeDuration(0 - duration.days, 0)
    : new DaysTimeDuration(-1 - duration.days, NANOS_PER_DAY - duration.nanos);
}

/** Months as a duration; null when there are more than are held exactly. */
export const yearsMonths = (months: number): YearsMonthsDuration | null =>
  Number.isSafeInteger(months) ? new YearsMonthsDuration(months + 0) : null;

const YEARS_MONTHS = /^(-?)P(?:(\d{1,15})Y)?(?:(\d{1,15})M)?$/;
const DAYS_TIME = /^(-?)P(?:(\d{1,15})D)?(?:T(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d{0,30}))?S)?)?$/;

/** Reads an ISO 8601 duration of either kind (`P1Y2M`, `P3DT4H`); null for anything else and for a mixture of both. */
export function parseDuration(text: string): DaysTimeDuration | YearsMonthsDuration | null {
  if (text.endsWith('P') || text.endsWith('T')) return null;
  const years = YEARS_MONTHS.exec(text);
  if (years !== null) {
    const months = Number(years[2] ?? 0) * 12 + Number(years[3] ?? 0);
    return yearsMonths(years[1] === '-' ? 0 - months : months);
  }
  const match = DAYS_TIME.exec(text);
  if (match === null) return null;
  const [days, hours, minutes, seconds] = [2, 3, 4, 5].map((group) => Number(match[group] ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  const time = hours * 3600 + minutes * 60 + seconds;
  if (!Number.isSafeInteger(time)) return null;
  const wholeDays = Math.floor(time / 86_400);
  const fraction = Number((match[6] ?? '').slice(0, 9).padEnd(9, '0'));
  const size = daysTime(days + wholeDays, (time - wholeDays * 86_400) * NANOS_PER_SECOND + fraction);
  return size !== null && match[1] === '-' ? negate(size) : size;
}
