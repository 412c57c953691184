import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { inflateSync } from 'node:zlib';
import { LANGUAGES, texts } from '../../texts/index.ts';
import { fonts } from './fonts.ts';
import { type PageView, pageView } from './page-view.ts';
import { pagePdf } from './pdf.ts';
import { QUIET_ZONE, qrCode } from './qr.ts';
import words from './words.json' with { type: 'json' };

const at = '2026-11-22T10:00:00.000Z';
const agency = { id: 'kz.pension-fund', name: { en: 'Pension Fund', kk: 'Зейнетақы қоры' }, roles: [], keys: [] };
const issuer = { manifest: { state: 'kz', agencies: [agency] } as never, agency: 'kz.pension-fund', demo: false };

function view(language: PageView['language'] = 'kk', demo = false): PageView {
  return pageView(
    {
      id: '019a0c6e-8f53-8d3a-9d51-7a1f0c2b3e4d',
      paper: `CW1:${'A9B 8:'.repeat(200)}`,
      issuedAt: at,
      validUntil: '2036-11-22T00:00:00.000Z',
      page: {
        language,
        title: 'Зейнетақы тағайындау туралы шешім',
        lines: [
          { label: 'Аты-жөні', value: 'Әйгерім Қожахметқызы Өмірбекова' },
          { label: 'Айлар', value: '143' },
        ],
        notes: ['Ўзнагарода · Հայաստան · Ыңгайлуу'],
      },
    },
    { ...issuer, demo },
  );
}

const sheetsOf = (pdf: Buffer): number => (pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g) ?? []).length;

function installed(): string | false {
  try {
    createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json');
    return false;
  } catch {
    return 'the font package is not installed';
  }
}

describe('the page of a document', () => {
  it('names its agency in the language of its holder, else in English', () => {
    assert.equal(view('kk').facts[0]?.value, 'Зейнетақы қоры');
    assert.equal(view('hy').facts[0]?.value, 'Pension Fund');
    assert.equal(view('kk').state, 'Қазақстан');
  });

  it('has all its own words in every language', () => {
    for (const language of LANGUAGES) {
      assert.deepEqual(Object.keys(words[language]), Object.keys(words.en));
      assert.ok(Object.values(words[language]).every((word) => word.trim() !== ''));
    }
  });

  it('is read back from its code by another program', async () => {
    const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader');
    const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
    await prepareZXingModule({
      overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer },
      fireImmediately: true,
    });
    const text = `CW1:${'A9B 8:'.repeat(220)}`;
    const [found] = await readBarcodes(draw(qrCode(text)), { formats: ['QRCode'] });
    assert.equal(found?.text, text);
  });
});

describe('the printed page', { skip: installed() }, () => {
  it('is a tagged file with a language, a title and a text for its code', async () => {
    const pdf = (await pagePdf(view(), at)).toString('latin1');
    const has = (pattern: RegExp): void => assert.ok(pattern.test(pdf), String(pattern));
    has(/^%PDF-1\.7/);
    has(/\/MarkInfo/);
    has(/\/Lang \(kk\)/);
    for (const tag of ['Document', 'H1', 'H2', 'P', 'Table', 'TR', 'TH', 'TD', 'Figure']) {
      has(new RegExp(`/S /${tag}\\b`));
    }
    has(/\/Alt /);
    has(/pdfuaid:part/);
  });

  it('has a glyph for every letter of the six languages', async () => {
    const { create } = await import('fontkit' as string);
    const letters = new Set(`${JSON.stringify(words)}ӘәҒғҚқҢңӨөҰұҮүҺһІіЎўЁё№«»—·“”Ա֊Ֆա֊և՛՜՝՞։`);
    for (const face of Object.values(fonts())) {
      const font = create(face);
      const missing = [...letters].filter(
        (letter) => letter >= ' ' && !font.hasGlyphForCodePoint(letter.codePointAt(0)),
      );
      assert.deepEqual(missing, []);
    }
  });

  it('goes on to a second page when it is long', async () => {
    const long = view();
    const lines = Array.from({ length: 60 }, (_, index) => ({ label: `Кезең ${index}`, value: 'Қырғызстан' }));
    assert.ok(sheetsOf(await pagePdf({ ...long, lines }, at)) >= 2);
  });

  it('is set tighter before its code goes to a second sheet', async () => {
    const lines = Array.from({ length: 16 }, (_, index) => ({ label: `Кезең ${index}`, value: 'Қырғызстан' }));
    assert.equal(sheetsOf(await pagePdf({ ...view(), lines }, at)), 1);
  });

  it('bears the mark of a demonstration on every sheet, and none under a real charter', async () => {
    const watermarks = async (shown: PageView): Promise<number> =>
      streamsOf(await pagePdf(shown, at))
        .join('\n')
        .match(/\/Artifact <<\s*\/Type \/Pagination/g)?.length ?? 0;
    const lines = Array.from({ length: 60 }, (_, index) => ({ label: `Кезең ${index}`, value: 'Қырғызстан' }));
    for (const language of LANGUAGES) {
      const shown = view(language, true);
      assert.equal(shown.mark, texts(language).say('common.demo.mark'));
      assert.equal(await watermarks(shown), 1);
    }
    const long = { ...view('kk', true), lines };
    assert.equal(await watermarks(long), sheetsOf(await pagePdf(long, at)));
    assert.equal(view().mark, undefined);
    assert.equal(await watermarks(view()), 0);
  });

  it('draws its code as the code is', async () => {
    const pdf = await pagePdf(view(), at);
    const drawn = streamsOf(pdf).join('\n');
    const modules = (view().code.path.match(/M/g) ?? []).length;
    assert.ok((drawn.match(/ l\n?h/g) ?? drawn.match(/^h$/gm) ?? []).length >= modules);
  });
});

function streamsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  return [...text.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].flatMap(([, body = '']) => {
    try {
      return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')];
    } catch {
      return [];
    }
  });
}

/** Paints a code with its white margin, four points a module. */
function draw({ size, path }: { size: number; path: string }) {
  const scale = 4;
  const side = (size + 2 * QUIET_ZONE) * scale;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = 0; row < scale; row++) {
      for (let column = 0; column < Number(width) * scale; column++) {
        const at = ((Number(y) + QUIET_ZONE) * scale + row) * side + (Number(x) + QUIET_ZONE) * scale + column;
        data.fill(0, at * 4, at * 4 + 3);
      }
    }
  }
  return { data, width: side, height: side, colorSpace: 'srgb' as const } as ImageData;
}
