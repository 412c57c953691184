import { MAP_CSS } from './map/style.ts';
import regulationCss from './regulation.css';
import type { Sheet } from './sheet.ts';

/** A text as a CSS string: nothing in it can end the string or the style sheet. */
const cssText = (text: string): string =>
  `"${text.replace(/[^\p{L}\p{N} .:·]/gu, (sign) => `\\${(sign.codePointAt(0) ?? 0).toString(16)} `)}"`;

/** A digest as it runs along the pages: its beginning is enough to tell two apart by eye. */
const short = (digest: string): string => digest.slice(0, 16);

/**
 * The style of a document: on paper every page bears the agreement, its three digests and its number (CSS Paged Media, margin boxes).
 */
export function styleOf({ agreement, digests, say }: Sheet): string {
  const name = `${agreement.name} ${agreement.version}`;
  const running = (['contract', 'annexes', 'texts'] as const).map(
    (layer) => `${say(`regulation.digest.${layer}`)}: ${short(digests[layer])}`,
  );
  const box = 'font:7pt sans-serif;color:#444;';
  const page = [
    '@page{size:A4;margin:20mm 15mm 18mm;',
    `@top-left{content:${cssText(name)};${box}white-space:nowrap}`,
    `@top-right{content:${cssText(running.join(' · '))};${box}}`,
    `@bottom-right{content:counter(page) " / " counter(pages);${box}}}`,
  ];
  return `${regulationCss.trim()}\n${MAP_CSS}\n${page.join('')}`;
}
