import { create } from 'qrcode';

/** A QR code as a square of modules; `path` draws the dark ones (SVG path data, one unit a module, no margin). */
export interface QrCode {
  /** Modules a side. */
  size: number;
  path: string;
}

/** White modules that must stand around a code (ISO/IEC 18004 section 6.3.8). */
export const QUIET_ZONE = 4;

/**
 * A QR code of a text, correction level M: a fold or a stamp may take a seventh of it.
 * @example const { size, path } = qrCode('CW1:...'); `<svg viewBox="-4 -4 ${size + 8} ${size + 8}"><path d="${path}"/></svg>`
 */
export function qrCode(text: string): QrCode {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const { size } = modules;
  let path = '';
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      if (!modules.get(row, column)) continue;
      // Neighbours in a row become one rectangle: a tenth of the path, and no hairlines between them on paper.
      let width = 1;
      while (column + width < size && modules.get(row, column + width)) width++;
      path += `M${column} ${row}h${width}v1h-${width}z`;
      column += width;
    }
  }
  return { size, path };
}
