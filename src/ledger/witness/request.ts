import { MalformedProof } from '../proof/index.ts';

/** The body of an add-checkpoint request: the size that the client believes the witness to hold, a proof, a checkpoint. */
export interface WitnessRequest {
  old: number;
  path: Buffer[];
  checkpoint: string;
}

const LONGEST_PATH = 63;

/** The text of a request (c2sp.org/tlog-witness). `path` is base64. */
export function formatRequest(old: number, path: readonly string[], checkpoint: string): string {
  return `${[`old ${old}`, ...path].join('\n')}\n\n${checkpoint}`;
}

/** @throws MalformedProof */
export function parseRequest(body: string): WitnessRequest {
  const split = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(split, 0)).split('\n');
  const [, old] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (split < 0 || old === undefined || lines.length > LONGEST_PATH)
    throw new MalformedProof('the request has a wrong form');
  const path = lines.map((line) => {
    const hash = Buffer.from(line, 'base64');
    if (hash.length !== 32 || hash.toString('base64') !== line) throw new MalformedProof('a hash has a wrong form');
    return hash;
  });
  return { old: Number(old), path, checkpoint: body.slice(split + 2) };
}
