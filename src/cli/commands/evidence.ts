import { writeFileSync } from 'node:fs';
import { callFile, findCalls } from '../../calls/index.ts';
import { isId } from '../../crypto/index.ts';
import { namesInXRoad } from '../../doors/index.ts';
import { messageFile, transactionFile } from '../../exchange/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type StateStore, withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway evidence MESSAGE-ID FILE --state STATE` */
export const evidence: Command = {
  name: 'evidence',
  summary: 'writes all that proves one call, message or transaction as one file, for ./commonway verify anywhere',
  details:
    'Signatures of both sides, receipts, the paths to the signed roots, the proofs of the ledger with the cosignatures of other states, and the keys by ' +
    'which all of it is checked. docs/check-by-hand.md checks such a file with openssl and a text editor.',
  arguments: [
    { name: 'MESSAGE-ID', summary: 'the id of a message or transaction; of a call its X-Road-Id or X-Road-Request-Id' },
    { name: 'FILE', summary: 'to write: call.commonway.json' },
  ],
  options: { ...FOLDER, state: { type: 'string', value: 'STATE', summary: 'from whose node: kz' } },
  async run(around, typed) {
    const [id = '', path = ''] = typed.arguments;
    const state = demandOption(typed, 'evidence', 'state');
    await withStateStore(around, unionFolder(around, typed), state, async (store) => {
      writeFileSync(path, await fileOf(store, state, id), { mode: 0o600 });
      around.out(path);
    });
    return EXIT.ok;
  },
};

async function fileOf(store: StateStore, state: string, id: string): Promise<Buffer> {
  const [call, ...more] = await findCalls(store, id, namesInXRoad);
  // A name that callers choose may be used twice.
  if (more.length > 0)
    throw new Failure('CLI_EVIDENCE_SEVERAL', { state, id: id.slice(0, 64), calls: [call, ...more].join(', ') });
  if (call !== undefined) return callFile(store, call);
  if (!isId(id)) throw new Failure('CLI_EVIDENCE_UNKNOWN', { state, id: id.slice(0, 64) });
  for (const make of [messageFile, transactionFile]) {
    try {
      return await make(store, id);
    } catch (error) {
      if (!isFailure(error, 'EXCHANGE_MESSAGE_UNKNOWN', 'EXCHANGE_TRANSACTION_UNKNOWN')) throw error;
    }
  }
  throw new Failure('CLI_EVIDENCE_UNKNOWN', { state, id: id.slice(0, 64) });
}
