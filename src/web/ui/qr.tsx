import { create } from 'qrcode';

/**
 * A QR code as lines of SVG: black on white in every theme, sharp in print.
 * @param label what a camera will find, for those who cannot see it
 */
export function Qr({ text, label }: { text: string; label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const size = modules.size;
  const runs: string[] = [];
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (!modules.get(row, column)) continue;
      const start = column;
      while (column < size && modules.get(row, column)) column += 1;
      runs.push(`M${start + 4} ${row + 4.5}h${column - start}`);
    }
  }
  return (
    <svg
      class="cw-qr"
      viewBox={`0 0 ${size + 8} ${size + 8}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path d={runs.join('')} stroke-width="1" fill="none" />
    </svg>
  );
}
