import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomId } from '../../crypto/index.ts';
import { appendLeaf, followLog, listComplaints, migrations, readLedgerPath, sequenceNow } from '../../ledger/index.ts';
import { freshDb } from '../../storage/testing.ts';
import { listAlarms } from '../../union/index.ts';
import { send } from '../outgoing/send.ts';
import { testNet, until } from '../testing.ts';
import { ledgerTrustOf } from './check.ts';

for (const lies of [false, true]) {
  test(`a receipt whose leaf stands ${lies ? 'where the log had shown another is a complaint of the sender' : 'where the log shows it is none'}`, async (t) => {
    const net = await testNet(t, ['kg', 'ru']);
    const [kg, ru] = [net.node('kg'), net.node('ru')];
    const trust = ledgerTrustOf(kg.ctx.trust, 'ru');
    if (lies) {
      // What Russia's log showed first: leaves at the indexes that the real one is going to use.
      const shown = { ...ru.ctx, db: await freshDb(t, [migrations]) };
      await shown.db.transaction(async (tx) => {
        for (let number = 0; number < 5; number++) await appendLeaf(tx, shown, { kind: 'access', content: { number } });
      });
      await sequenceNow(shown);
      const read = async (path: string) => {
        const { status, body } = await readLedgerPath(shown, path);
        return status === 200 ? body : undefined;
      };
      assert.equal((await followLog(kg.ctx, read, trust)).state, 'mirrored');
    }
    await Promise.all([kg.start(), ru.start()]);
    const lane = randomId();
    await kg.db.transaction((tx) => send(tx, kg.ctx, { to: 'ru', type: 'note', lane, body: { text: 'hello' } }));
    await until('the proof has come', async () => {
      const rows = await kg.db.query('select 1 from exchange_sent where lane = $1 and peer_proof is not null', [lane]);
      return rows.length === 1;
    });
    const complaints = (await listComplaints(kg.ctx)).map(({ evidence }) => evidence.kind);
    assert.deepEqual(complaints, lies ? ['reused-index'] : []);
    const alarms = (await listAlarms(kg.db)).map(({ kind }) => kind).filter((kind) => kind.startsWith('ledger-'));
    assert.deepEqual([...new Set(alarms)], lies ? ['ledger-reused-index'] : []);
  });
}
