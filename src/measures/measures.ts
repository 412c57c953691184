/** Labels of a series: names of services, hops, kinds. Never a person, a case or anything that a caller wrote. */
export type Labels = Readonly<Record<string, string>>;

export interface Series {
  name: string;
  help: string;
  kind: 'counter' | 'histogram';
  samples: { labels: Labels; value: number; suffix?: string }[];
}

interface Family {
  help: string;
  kind: Series['kind'];
  series: Map<string, { labels: Labels; value: number; sum: number; buckets: number[] }>;
}

/** More series than this are one: what is measured costs the same however many there are. */
const MOST_SERIES = 500;
/** Upper bounds in seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const families = new Map<string, Family>();

function seriesOf(name: string, help: string, kind: Series['kind'], labels: Labels) {
  let family = families.get(name);
  if (family === undefined) {
    family = { help, kind, series: new Map() };
    families.set(name, family);
  }
  const key = Object.values(labels).join('\n');
  const known = family.series.get(key);
  if (known !== undefined) return known;
  const full = family.series.size >= MOST_SERIES;
  const kept = full ? Object.fromEntries(Object.keys(labels).map((label) => [label, 'other'])) : labels;
  const keptKey = full ? 'other' : key;
  const made = family.series.get(keptKey) ?? { labels: kept, value: 0, sum: 0, buckets: BUCKETS.map(() => 0) };
  family.series.set(keptKey, made);
  return made;
}

/** Counts something that happened in this process. @example count('calls_nonconforming', 'Calls that ...', { service }) */
export function count(name: string, help: string, labels: Labels): void {
  seriesOf(name, help, 'counter', labels).value++;
}

/** Notes how long something took in this process, in seconds. */
export function observe(name: string, help: string, labels: Labels, seconds: number): void {
  const series = seriesOf(name, help, 'histogram', labels);
  series.value++;
  series.sum += seconds;
  const at = BUCKETS.findIndex((most) => seconds <= most);
  if (at >= 0) series.buckets[at] = (series.buckets[at] ?? 0) + 1;
}

/** All that this process has counted, for whoever writes it out. A histogram's buckets are cumulative, as Prometheus has them. */
export function readMeasures(): Series[] {
  return [...families].map(([name, { help, kind, series }]) => ({
    name,
    help,
    kind,
    samples: [...series.values()].flatMap(({ labels, value, sum, buckets }) => {
      if (kind === 'counter') return [{ labels, value }];
      let below = 0;
      const cumulative = BUCKETS.map((most, at) => {
        below += buckets[at] ?? 0;
        return { labels: { ...labels, le: String(most) }, value: below, suffix: '_bucket' };
      });
      return [
        ...cumulative,
        { labels: { ...labels, le: '+Inf' }, value, suffix: '_bucket' },
        { labels, value: Math.round(sum * 1e6) / 1e6, suffix: '_sum' },
        { labels, value, suffix: '_count' },
      ];
    }),
  }));
}
