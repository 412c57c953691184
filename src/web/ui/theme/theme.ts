import { toHex } from './colour.ts';
import { darkScale, lightScale, type Scale, type Seed } from './scale.ts';

/**
 * One hue a state, chosen far apart from each other and from the red that means danger, and taken from no flag and no
 * crest: apricot, flax, mountain lake, steppe sky, pine. The union's own pages are slate.
 */
export const STATE_SEEDS: Readonly<Record<string, Seed>> = {
  am: { hue: 47, chroma: 0.115 },
  by: { hue: 288, chroma: 0.15 },
  kg: { hue: 196, chroma: 0.085 },
  kz: { hue: 246, chroma: 0.135 },
  ru: { hue: 158, chroma: 0.105 },
};
const UNION_SEED: Seed = { hue: 268, chroma: 0.06 };

const SIGNALS: Readonly<Record<string, Seed>> = {
  info: { hue: 240, chroma: 0.12 },
  success: { hue: 150, chroma: 0.13 },
  warning: { hue: 75, chroma: 0.13, bright: true },
  danger: { hue: 26, chroma: 0.18 },
};

/** Scales by name for one state: its accent, a neutral with a breath of the same hue, and the signals. */
export function scalesOf(state: string): Record<string, { light: Scale; dark: Scale }> {
  const accent = STATE_SEEDS[state] ?? UNION_SEED;
  const seeds = { accent, neutral: { hue: accent.hue, chroma: 0.018 }, ...SIGNALS };
  return Object.fromEntries(
    Object.entries(seeds).map(([name, seed]) => [name, { light: lightScale(seed), dark: darkScale(seed) }]),
  );
}

/** The line that stands for a state in drawings and beside its evidence: decoration only, its name stands there too. */
export function strandColours(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(STATE_SEEDS).map(([state, { hue }]) => [state, toHex({ lightness: 0.67, chroma: 0.125, hue })]),
  );
}

function declarations(state: string, mode: 'light' | 'dark'): string {
  const scales = Object.entries(scalesOf(state)).flatMap(([name, modes]) =>
    Object.entries(modes[mode]).map(([role, value]) => `--ds-color-${name}-${role}:${value};`),
  );
  const focus =
    mode === 'light'
      ? '--ds-color-focus-inner:#fff;--ds-color-focus-outer:#16181d;--ds-link-color-visited:#5b3a8c;'
      : '--ds-color-focus-inner:#101216;--ds-color-focus-outer:#f4f4f6;--ds-link-color-visited:#c4b0e6;';
  return `${scales.join('')}${focus}color-scheme:${mode};`;
}

/** Which scale `--ds-color-*` means inside an element with `data-color`. */
function mapping(): string {
  const roles = Object.keys(lightScale(UNION_SEED));
  const map = (name: string): string =>
    roles.map((role) => `--ds-color-${role}:var(--ds-color-${name}-${role});`).join('');
  const others = ['neutral', ...Object.keys(SIGNALS)].map((name) => `[data-color=${name}]{${map(name)}}`).join('');
  return `:root,[data-color=accent]{${map('accent')}}${others}`;
}

/**
 * The colour tokens of a state's pages as CSS: light, dark, and as the system wishes (`data-color-scheme="auto"`).
 * @param state `kz`; any other word gives the union's own theme
 */
export function themeCss(state: string): string {
  const dark = declarations(state, 'dark');
  const strands = Object.entries(strandColours()).map(([name, value]) => `--cw-strand-${name}:${value};`);
  return [
    `@layer ds.theme{:root{${strands.join('')}}`,
    `:root,[data-color-scheme=light]{${declarations(state, 'light')}}`,
    `[data-color-scheme=dark]{${dark}}`,
    `@media screen and (prefers-color-scheme:dark){[data-color-scheme=auto]{${dark}}}`,
    `${mapping()}}`,
  ].join('');
}
