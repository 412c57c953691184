import type { LogRow } from '../log/log-row.ts';
import { consistencyProof } from '../log/read.ts';
import { nodeProofCrypto } from '../node-proof-crypto.ts';
import { MalformedProof, parseNote, parseSignatureLines, verifyCosignatures } from '../proof/index.ts';
import { type PeerState, peerSize, recordCosignature, recordPeer } from './cosignatures.ts';
import type { WitnessingContext, WitnessPeer } from './peer.ts';
import { formatRequest } from './request.ts';

/**
 * Asks one witness to cosign a checkpoint, and records its answer. A witness that holds another size than we thought says so; it is
 * asked once more with the proof from there. One that holds more than we have is *ahead*: we were restored from an old
 * backup, or somebody else signs with our key.
 */
export async function askWitness(
  ctx: WitnessingContext,
  peer: WitnessPeer,
  row: LogRow,
  quorum: number,
): Promise<PeerState> {
  let old = await peerSize(ctx, row.log, peer);
  for (let attempt = 0; attempt < 2; attempt++) {
    const { path } = await consistencyProof(ctx, old, row.size);
    const answer = await ctx.submit(peer, formatRequest(old, path, row.note)).catch(() => undefined);
    if (!answer) return recordPeer(ctx, row.log, peer, 'silent');
    if (answer.status === 200) return takeCosignature(ctx, peer, row, quorum, answer.body);
    const held = answer.status === 409 ? readSize(answer.body) : undefined;
    if (held === undefined) break;
    if (held > row.size) return recordPeer(ctx, row.log, peer, 'ahead', held);
    if (held === old) break;
    old = held;
  }
  return recordPeer(ctx, row.log, peer, 'refused');
}

/** Only a line that verifies under the peer's pinned key is kept. */
async function takeCosignature(
  ctx: WitnessingContext,
  peer: WitnessPeer,
  row: LogRow,
  quorum: number,
  body: string,
): Promise<PeerState> {
  const line = await findValidLine(peer, row.note, body);
  if (line === undefined) return recordPeer(ctx, row.log, peer, 'refused');
  await recordCosignature(ctx, row, peer, line, quorum);
  return 'ok';
}

async function findValidLine(peer: WitnessPeer, note: string, body: string): Promise<string | undefined> {
  for (const line of body.split(/(?<=\n)/)) {
    try {
      const signatures = parseSignatureLines(line);
      const time = await verifyCosignatures(nodeProofCrypto, { text: parseNote(note).text, signatures }, peer.key);
      if (typeof time === 'number' && signatures[0]?.name === peer.name) return line;
    } catch (error) {
      if (!(error instanceof MalformedProof)) throw error;
    }
  }
  return undefined;
}

function readSize(body: string): number | undefined {
  return /^(0|[1-9]\d{0,15})\n$/.test(body) ? Number(body) : undefined;
}
