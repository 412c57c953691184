import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { anchorOf, type FoundedUnion } from '../../union/index.ts';
import { sampleFiles } from '../sample-files.testing.ts';
import { START, testUnion } from '../testing.ts';
import { verifyFile } from './verify-file.ts';

// The files of a union of one are short: every byte of each can be tried.
const small = testUnion('small', false, ['kz']);
const usual = testUnion();
const kinds = Object.keys(sampleFiles) as (keyof typeof sampleFiles)[];

/** In the usual run every twelfth byte, each with one of its bits; in the long run every byte. */
const STEP = process.env.COMMONWAY_ALL === '1' ? 1 : 12;

/** A file is made once and tried by all tests of its kind: they need its bytes alone. */
const made = new Map<string, Promise<Buffer>>();

async function fileOf(t: TestContext, union: FoundedUnion, kind: keyof typeof sampleFiles) {
  const options = { anchors: [anchorOf(union.charter.payload)], now: START };
  const name = `${union.charter.payload.union} ${kind}`;
  if (!made.has(name)) made.set(name, sampleFiles[kind](t, union));
  const file = (await made.get(name)) as Buffer;
  assert.equal((await verifyFile(file, options)).verdict, 'valid');
  return {
    file,
    async refuses(bytes: Uint8Array, what: string, words = ['invalid']): Promise<void> {
      const { verdict } = await verifyFile(bytes, options);
      assert.ok(words.includes(verdict), `${kind}, ${what}: ${verdict}`);
    },
  };
}

function flipped(file: Buffer, at: number, mask: number): Buffer {
  const changed = Buffer.from(file);
  changed[at] = (changed[at] as number) ^ mask;
  return changed;
}

for (const kind of kinds) {
  describe(`a file of the kind ${kind}`, () => {
    it('is refused with one byte changed, whichever it is', async (t) => {
      const { file, refuses } = await fileOf(t as TestContext, small, kind);
      for (let at = 0; at < file.length; at += STEP) await refuses(flipped(file, at, 1 << (at % 8)), `byte ${at}`);
    });

    it('is refused with any byte set to anything, in a union of several', async (t) => {
      const { file, refuses } = await fileOf(t as TestContext, usual, kind);
      await fc.assert(
        fc.asyncProperty(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) =>
          refuses(flipped(file, at, mask), `byte ${at} ^ ${mask}`),
        ),
        { numRuns: 150 },
      );
    });

    it('is refused when it is cut, or has a byte more anywhere', async (t) => {
      const { file, refuses } = await fileOf(t as TestContext, small, kind);
      const ends = [0, 1, 7, 20, 100, file.length >> 1, file.length - 1];
      // So short that nothing tells what it was: then nothing can be said of it.
      for (const end of ends) await refuses(file.subarray(0, end), `cut at ${end}`, ['invalid', 'not-usable']);
      for (const byte of ['\n', ' ', '\0', '}', 'x']) {
        await refuses(Buffer.concat([file, Buffer.from(byte)]), `${byte} at the end`);
        await refuses(Buffer.concat([Buffer.from(byte), file]), `${byte} at the beginning`);
        for (let at = 1; at < file.length; at += 397) {
          await refuses(
            Buffer.concat([file.subarray(0, at), Buffer.from(byte), file.subarray(at)]),
            `${byte} at ${at}`,
          );
        }
      }
    });

    it('is refused when it is written otherwise', async (t) => {
      const { file, refuses } = await fileOf(t as TestContext, small, kind);
      const value = JSON.parse(file.toString());
      await refuses(Buffer.from(JSON.stringify(value, null, 2)), 'indented');
      await refuses(Buffer.from(JSON.stringify({ signature: value.signature, ...value })), 'in another order');
      await refuses(Buffer.from(`\ufeff${file.toString()}`), 'with a byte order mark');
      await refuses(Buffer.from(file.toString().replace('{', '{"commonway":1,')), 'with a member twice');
      await refuses(Buffer.from(file.toString(), 'utf16le'), 'in UTF-16', ['not-usable']);
    });
  });
}
