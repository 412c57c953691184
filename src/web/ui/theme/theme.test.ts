import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast } from './colour.ts';
import { STATE_SEEDS, scalesOf, themeCss } from './theme.ts';

const STATES = [...Object.keys(STATE_SEEDS), 'union'];

/** Words and what they stand on, with the least contrast of WCAG 2.2 (1.4.3 for words, 1.4.11 for lines of controls). */
const PAIRS: [string, string, number][] = [
  ['text-default', 'background-default', 7],
  ['text-default', 'surface-active', 4.5],
  ['text-subtle', 'background-default', 4.5],
  ['text-subtle', 'surface-tinted', 4.5],
  ['text-subtle', 'surface-hover', 4.5],
  ['text-subtle', 'surface-active', 4.5],
  ['border-default', 'background-default', 3],
  ['border-default', 'surface-tinted', 3],
  ['border-strong', 'surface-hover', 3],
  ['base-contrast-default', 'base-default', 4.5],
  ['base-contrast-default', 'base-hover', 4.5],
  ['base-contrast-default', 'base-active', 4.5],
  ['base-contrast-subtle', 'base-default', 4.5],
];

for (const state of STATES) {
  test(`the theme of ${state} keeps words readable in light and dark`, () => {
    for (const [name, modes] of Object.entries(scalesOf(state))) {
      for (const [mode, scale] of Object.entries(modes)) {
        for (const [front, back, least] of PAIRS) {
          const ratio = contrast(scale[front as keyof typeof scale], scale[back as keyof typeof scale]);
          assert.ok(ratio >= least, `${state} ${mode} ${name}: ${front} on ${back} is ${ratio.toFixed(2)}`);
        }
      }
    }
  });
}

test('neutral words stay readable on every tinted surface of every scale', () => {
  for (const state of STATES) {
    const scales = scalesOf(state);
    for (const mode of ['light', 'dark'] as const) {
      for (const [name, modes] of Object.entries(scales)) {
        for (const surface of ['background-tinted', 'surface-tinted', 'surface-hover'] as const) {
          const words = scales.neutral?.[mode]['text-subtle'] ?? '';
          const ratio = contrast(words, modes[mode][surface]);
          assert.ok(ratio >= 4.5, `${state} ${mode}: neutral text-subtle on ${name} ${surface} is ${ratio.toFixed(2)}`);
        }
      }
    }
  }
});

test('contrast is that of WCAG', () => {
  assert.equal(contrast('#000000', '#ffffff'), 21);
  assert.equal(contrast('#777777', '#ffffff').toFixed(2), '4.48');
});

test('an unknown state gets the theme of the union, and no theme asks another host for anything', () => {
  assert.equal(themeCss('xx'), themeCss('union'));
  assert.notEqual(themeCss('kz'), themeCss('ru'));
  for (const state of STATES) assert.doesNotMatch(themeCss(state), /url\(|http/);
});
