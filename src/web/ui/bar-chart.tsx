/** One bar: its words, and how much it is. */
interface Bar {
  label: string;
  value: number;
}

/** Bars from left to right, each with its words and its number: nothing has to be read from a length or a colour alone. */
export function BarChart({ bars, format }: { bars: readonly Bar[]; format(value: number): string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  return (
    <ul class="cw-chart">
      {bars.map(({ label, value }) => (
        <li key={label}>
          <span>{label}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect width={Math.max(0.5, (100 * value) / most)} height="10" />
          </svg>
          <b>{format(value)}</b>
        </li>
      ))}
    </ul>
  );
}
