import { standingOut, toHex } from './colour.ts';

/** The seed of a scale: a hue in degrees and how colourful its strongest step is. */
export interface Seed {
  hue: number;
  chroma: number;
  /** Warning signs are bright with dark words, where all others are dark with white words. */
  bright?: boolean;
}

/** The sixteen roles that a colour plays in the design system, each with its value. */
export type Scale = Record<Role, string>;

export type Role =
  | 'background-default'
  | 'background-tinted'
  | 'surface-default'
  | 'surface-tinted'
  | 'surface-hover'
  | 'surface-active'
  | 'border-subtle'
  | 'border-default'
  | 'border-strong'
  | 'text-subtle'
  | 'text-default'
  | 'base-default'
  | 'base-hover'
  | 'base-active'
  | 'base-contrast-subtle'
  | 'base-contrast-default';

const WHITE = '#ffffff';

/** The scale for light pages. Words and lines are placed by contrast, surfaces by lightness. */
export function lightScale({ hue, chroma, bright = false }: Seed): Scale {
  const tint = (lightness: number, share: number): string => toHex({ lightness, chroma: chroma * share, hue });
  const ink = (ratio: number, share = 1): string => standingOut(hue, chroma * share, ratio, WHITE);
  return {
    'background-default': WHITE,
    'background-tinted': tint(0.975, 0.1),
    'surface-default': WHITE,
    'surface-tinted': tint(0.95, 0.2),
    'surface-hover': tint(0.915, 0.32),
    'surface-active': tint(0.875, 0.45),
    'border-subtle': tint(0.86, 0.4),
    'border-default': ink(4.2, 0.9),
    'border-strong': ink(6.4),
    'text-subtle': ink(7),
    'text-default': ink(13.5, 0.6),
    'base-default': bright ? tint(0.8, 1.1) : ink(6.2),
    'base-hover': bright ? tint(0.75, 1.1) : ink(8),
    'base-active': bright ? tint(0.7, 1.1) : ink(10),
    'base-contrast-subtle': bright ? ink(15, 0.4) : tint(0.965, 0.25),
    'base-contrast-default': bright ? '#1b1206' : WHITE,
  };
}

/** The scale for dark pages. */
export function darkScale({ hue, chroma }: Seed): Scale {
  const tint = (lightness: number, share: number): string => toHex({ lightness, chroma: chroma * share, hue });
  const ground = tint(0.185, 0.2);
  const ink = (ratio: number, share: number): string => standingOut(hue, chroma * share, ratio, ground);
  return {
    'background-default': ground,
    'background-tinted': tint(0.215, 0.24),
    'surface-default': tint(0.235, 0.24),
    'surface-tinted': tint(0.265, 0.3),
    'surface-hover': tint(0.305, 0.36),
    'surface-active': tint(0.345, 0.42),
    'border-subtle': tint(0.38, 0.36),
    'border-default': ink(4.6, 0.6),
    'border-strong': ink(8, 0.55),
    'text-subtle': ink(8.6, 0.5),
    'text-default': ink(14, 0.14),
    'base-default': ink(8.2, 0.85),
    'base-hover': ink(9.8, 0.75),
    'base-active': ink(11.5, 0.6),
    'base-contrast-subtle': tint(0.22, 0.4),
    'base-contrast-default': toHex({ lightness: 0.14, chroma: 0.012, hue }),
  };
}
