/** A colour as people see it: OKLCH (CSS Color 4, section 9.4). Lightness 0..1, chroma 0..0.4, hue in degrees. */
export interface Colour {
  lightness: number;
  chroma: number;
  hue: number;
}

type Triple = [number, number, number];

/** OKLCH to linear-light sRGB, unclipped (matrices by Björn Ottosson, 2020, public domain). */
function toLinear({ lightness, chroma, hue }: Colour): Triple {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

const inGamut = (channels: Triple): boolean => channels.every((channel) => channel >= -0.0005 && channel <= 1.0005);
const encode = (channel: number): number =>
  channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055;
const decode = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

/** The nearest colour a screen can show, by giving up chroma, never lightness: contrast stands. @returns `#rrggbb` */
export function toHex(colour: Colour): string {
  let fitting = colour;
  while (!inGamut(toLinear(fitting)) && fitting.chroma > 0) {
    fitting = { ...fitting, chroma: Math.max(0, fitting.chroma - 0.004) };
  }
  const channels = toLinear(fitting).map((channel) => Math.round(encode(Math.min(1, Math.max(0, channel))) * 255));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Relative luminance (WCAG 2.2) of `#rrggbb`. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => decode(Number.parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio (WCAG 2.2) of two colours as `#rrggbb`: 1 to 21. @example contrast('#000000', '#ffffff'); // 21 */
export function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** The colour of that hue which stands out from a background by at least the ratio, and hardly more. */
export function standingOut(hue: number, chroma: number, ratio: number, background: string): string {
  const onLight = luminance(background) > 0.5;
  let [low, high] = onLight ? [0, 1] : [1, 0];
  for (let round = 0; round < 24; round += 1) {
    const middle = (low + high) / 2;
    if (contrast(toHex({ lightness: middle, chroma, hue }), background) >= ratio) low = middle;
    else high = middle;
  }
  return toHex({ lightness: low, chroma, hue });
}
