import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { checkAgreement } from '../../agreements/index.ts';
import { isFailure } from '../../storage/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { Surroundings } from '../command.ts';
import { newAgreement } from './new-agreement.ts';

function place(t: TestContext): { dir: string; start(name: string, states?: string): Promise<string> } {
  const dir = mkdtempSync(join(tmpdir(), 'new-agreement-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const around = {
    root: process.env.COMMONWAY_ROOT ?? '',
    home: join(dir, 'home'),
    out: () => undefined,
    err: () => undefined,
  } as unknown as Surroundings;
  return {
    dir,
    async start(name, states) {
      const options = { dir: join(dir, 'agreements'), ...(states === undefined ? {} : { states }) };
      assert.equal(await newAgreement.run(around, { arguments: [name], options }), 0);
      return join(dir, 'agreements', name);
    },
  };
}

describe('commonway new agreement', () => {
  for (const states of [undefined, 'kz,kg', 'ru']) {
    it(`starts one that passes every check, for ${states ?? 'all five states'}`, async (t) => {
      const folder = await place(t).start('work-permit', states);
      const { agreement, findings, scenarios, coverage } = await checkAgreement(folder);
      assert.deepEqual(findings, []);
      assert.equal(agreement?.name, 'work-permit');
      assert.deepEqual(agreement?.parties, (states ?? 'am,by,kg,kz,ru').split(',').toSorted());
      assert.deepEqual(agreement?.languages, [...LANGUAGES]);
      assert.equal(scenarios.failed, 0);
      assert.deepEqual(coverage?.rows, { met: 2, all: 2 });
    });
  }

  it('teaches in every file, leaves no gap open, and leads an editor to the schema', async (t) => {
    const folder = await place(t).start('work-permit', 'kz,kg');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml'));
    assert.equal(files.length, 15);
    for (const path of files) {
      const text = readFileSync(join(folder, path), 'utf8');
      assert.doesNotMatch(text, /__[A-Z]+__/, path);
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      assert.ok(existsSync(join(dirname(join(folder, path)), schema)), `${path}: ${schema}`);
      const comments = text.split('\n').filter((line) => /^\s*#/.test(line)).length;
      assert.ok(comments >= (path.startsWith('texts') ? 1 : 3), path);
    }
  });

  it('holds the scenario that docs/write-an-agreement.md shows', async (t) => {
    const folder = await place(t).start('residence-certificate', 'kz,kg');
    const page = readFileSync(join(process.env.COMMONWAY_ROOT ?? '', 'docs', 'write-an-agreement.md'), 'utf8');
    const shown = /```yaml\n(a-day-too-early:[\s\S]*?)```/.exec(page)?.[1] ?? assert.fail();
    const path = join(folder, 'scenarios', 'certificate.yaml');
    const scenarios = readFileSync(path, 'utf8').replace('a-day-too-early:', 'as-the-template-has-it:');
    writeFileSync(path, `${scenarios}\n${shown.replace(/^/gm, '  ')}`);
    const { findings, scenarios: ran } = await checkAgreement(folder);
    assert.deepEqual(findings, []);
    assert.equal(ran.run, 4);
  });

  it('never writes into a folder that is there', async (t) => {
    const { dir, start } = place(t);
    mkdirSync(join(dir, 'agreements', 'mine'), { recursive: true });
    await assert.rejects(start('mine'), (error) => isFailure(error, 'CLI_FOLDER_TAKEN'));
    assert.deepEqual(readdirSync(join(dir, 'agreements', 'mine')), []);
  });

  for (const name of ['', '..', '../up', 'Work', 'a/b', '-x', 'x'.repeat(80), 'h\u043ello']) {
    it(`refuses the name ${JSON.stringify(name.slice(0, 20))}`, async (t) => {
      const { dir, start } = place(t);
      await assert.rejects(start(name), (error) => isFailure(error, 'CLI_NAME_WRONG'));
      assert.deepEqual(readdirSync(dir), []);
    });
  }

  for (const states of ['', 'kz,kz', 'kz,KG', 'kaz', 'kz,../x']) {
    it(`refuses the states ${JSON.stringify(states)}`, async (t) => {
      await assert.rejects(place(t).start('mine', states), (error) => isFailure(error, 'CLI_STATES_WRONG'));
    });
  }
});
