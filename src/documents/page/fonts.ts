import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Failure } from '../../storage/index.ts';

/** The faces of the printed page. DejaVu Sans has Latin, all Cyrillic of the union (ә ғ қ ң ө ұ ү һ і ў) and Armenian in one file. */
export interface Fonts {
  regular: Buffer;
  bold: Buffer;
}

let kept: Fonts | undefined;

/** @throws Failure DOCUMENTS_FONT where the package of the lockfile is not installed */
export function fonts(): Fonts {
  kept ??= { regular: read('DejaVuSans.ttf'), bold: read('DejaVuSans-Bold.ttf') };
  return kept;
}

function read(name: string): Buffer {
  try {
    return readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}`));
  } catch (error) {
    throw new Failure('DOCUMENTS_FONT', {}, { cause: error });
  }
}
