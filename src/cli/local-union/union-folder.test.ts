import assert from 'node:assert/strict';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isFailure } from '../../storage/index.ts';
import { findRunning, lockFolder } from './running-file.ts';
import { emptyFolder, findUnionFile, getUnionFile, type UnionFile, writeUnionFile } from './union-folder.ts';

const SINCE = '2026-03-01T09:00:00.000Z';

function home(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'commonway-union-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const union: UnionFile = {
  commonway: 'union',
  format: 1,
  name: 'eaeu',
  stage: 'founded',
  created: SINCE,
  clockOffsetMs: 0,
  states: [{ state: 'kz', portal: 4700, exchange: 4705 }],
};

test('a union is found again as it was written', (t) => {
  const folder = home(t);
  writeUnionFile(folder, union);
  assert.deepEqual(findUnionFile(folder), union);
});

test('no folder, an empty one and one whose founding never ended hold no union', (t) => {
  const folder = home(t);
  assert.equal(findUnionFile(join(folder, 'none')), undefined);
  assert.equal(findUnionFile(folder), undefined);
  writeUnionFile(folder, { ...union, stage: 'founding' });
  assert.equal(findUnionFile(folder), undefined);
  assert.throws(
    () => getUnionFile(folder),
    (error) => isFailure(error, 'CLI_NO_UNION'),
  );
});

test('a folder with other data is refused', (t) => {
  const folder = home(t);
  writeFileSync(join(folder, 'thesis.txt'), 'mine');
  assert.throws(
    () => findUnionFile(folder),
    (error) => isFailure(error, 'CLI_FOREIGN_FOLDER'),
  );
  writeFileSync(join(folder, 'union.json'), '{"name":"something else"}');
  assert.throws(
    () => findUnionFile(folder),
    (error) => isFailure(error, 'CLI_FOREIGN_FOLDER'),
  );
  writeFileSync(join(folder, 'union.json'), 'not JSON');
  assert.throws(
    () => findUnionFile(folder),
    (error) => isFailure(error, 'CLI_FOREIGN_FOLDER'),
  );
});

test('a union of another format is refused', (t) => {
  const folder = home(t);
  writeFileSync(join(folder, 'union.json'), JSON.stringify({ ...union, format: 2 }));
  assert.throws(
    () => findUnionFile(folder),
    (error) => {
      assert.ok(isFailure(error, 'CLI_OTHER_FORMAT'));
      assert.deepEqual(error.params, { folder, found: '2', wanted: 1 });
      return true;
    },
  );
});

const onlyRoot = { skip: process.getuid?.() === 0 ? false : 'only root can make a folder of somebody else' };
test("a folder that is somebody else's is refused", onlyRoot, (t) => {
  const folder = home(t);
  writeUnionFile(folder, union);
  chownSync(folder, 4242, 4242);
  assert.throws(
    () => findUnionFile(folder),
    (error) => isFailure(error, 'CLI_OTHER_OWNER'),
  );
});

test('a folder belongs to one process at a time, which the second one is told', (t) => {
  const folder = home(t);
  const lock = lockFolder(folder, SINCE);
  lock.update({ kz: { pid: 1, ready: true, restarts: 0 } }, 'http://kz.localhost:4700');
  assert.equal(findRunning(folder)?.pid, process.pid);
  assert.equal(findRunning(folder)?.nodes.kz?.ready, true);
  assert.throws(
    () => lockFolder(folder, SINCE),
    (error) => {
      assert.ok(isFailure(error, 'CLI_RUNNING_ALREADY'));
      assert.deepEqual(error.params, { folder, pid: process.pid, portal: 'http://kz.localhost:4700' });
      return true;
    },
  );
  lock.release();
  assert.equal(findRunning(folder), undefined);
  lockFolder(folder, SINCE).release();
});

test('a lock left by a killed process does not hold, also when its number was given to another', (t) => {
  const folder = home(t);
  const left = { pid: process.pid, identity: 'an earlier process', since: SINCE, portal: '', nodes: {} };
  writeFileSync(join(folder, 'running.json'), JSON.stringify(left));
  assert.equal(findRunning(folder), undefined);
  lockFolder(folder, SINCE).release();
});

test('emptying a folder leaves the lock of whoever empties it', (t) => {
  const folder = home(t);
  const lock = lockFolder(folder, SINCE);
  mkdirSync(join(folder, 'states', 'kz'), { recursive: true });
  writeUnionFile(folder, union);
  emptyFolder(folder);
  assert.equal(existsSync(join(folder, 'states')), false);
  assert.match(readFileSync(join(folder, 'running.json'), 'utf8'), /identity/);
  lock.release();
});
