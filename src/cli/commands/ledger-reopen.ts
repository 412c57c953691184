import { join } from 'node:path';
import type { Sealed } from '../../crypto/index.ts';
import { Failure, shiftedClock } from '../../storage/index.ts';
import {
  charterDigest,
  type Manifest,
  openVersionSigner,
  readKeyFile,
  readUnionFolder,
  renewManifest,
  writeUnionFolder,
} from '../../union/index.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { restartNode } from '../local-union/restart-node.ts';
import { getUnionFile, places } from '../local-union/union-folder.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

/** `./commonway ledger reopen --state STATE` */
export const ledgerReopen: Command = {
  name: 'ledger reopen',
  summary: "opens a new log for a state whose log's end is lost, by its root's word",
  details: [
    'For a node that was restored and says LEDGER_TAIL_LOST: witnesses saw leaves that nobody holds any more. Its next manifest names a new log',
    '(commonway/UNION/STATE/2), which begins empty; the old one ends where it was seen last, and proves what it proved.',
  ].join('\n'),
  options: {
    ...FOLDER,
    state: { type: 'string', value: 'STATE', summary: 'e.g. kz' },
    json: { type: 'boolean', summary: 'prints one JSON object' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'ledger reopen', 'state');
    const folder = unionFolder(around, typed);
    const file = getUnionFile(folder);
    const states = file.states.map((one) => one.state);
    if (!states.includes(state)) throw new Failure('CLI_STATE_UNKNOWN', { state, states: states.join(', ') });
    const at = places(folder);
    const { charters, manifests } = readUnionFolder(at.trust(state));
    const newest = manifests
      .filter(({ payload }) => payload.state === state)
      .sort((one, other) => other.payload.version - one.payload.version)[0];
    const charter = charters.at(-1)?.payload;
    if (newest === undefined || charter === undefined) throw new Failure('UNION_MANIFEST_MISSING', { state });
    const origin = nextOrigin(newest.payload.ledger.origin);
    const signer = openVersionSigner(join(at.roots, 'signed'), readKeyFile(at.roots, state));
    const renewed = renewManifest(newest as Sealed<Manifest>, signer, {
      issued: shiftedClock(file.clockOffsetMs).now(),
      charter: charterDigest(charter),
      ledger: { origin },
    });
    writeUnionFolder(at.trust(state), { manifests: [renewed] });
    const restarted = await restartNode(folder, state);
    const { version } = renewed.payload;
    if (typed.options.json === true) around.out(JSON.stringify({ state, version, origin, restarted }));
    else
      around.out(
        `Version ${version} of the manifest of ${state}: its log is ${origin}${restarted ? '; its node was started again' : ''}.`,
      );
    return EXIT.ok;
  },
};

/** @example nextOrigin('commonway/eaeu/kz') // 'commonway/eaeu/kz/2' */
function nextOrigin(origin: string): string {
  const [, base = origin, number = '1'] = /^(.*?)\/(\d+)$/.exec(origin) ?? [];
  return `${base}/${Number(number) + 1}`;
}
