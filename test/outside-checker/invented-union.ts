import { sign } from 'node:crypto';
import { canonical, digestOf, type Value } from './canonical.ts';
import { makeKey, type OwnKey, type Signed, signedBytes, signObject } from './signatures.ts';
import type { Charter, Manifest } from './union-files.ts';

interface SealedFile {
  sealedBy: { state: string; key: string };
  charters: Signed<Charter>[];
  manifests: Signed<Manifest>[];
  signature: string;
}

/**
 * Moves a sealed file into a union that we invent: the same content and the same names, but under roots of ours, signed throughout as
 * it should be. By its own anchor nothing is wrong with it.
 * @returns the file and the anchor of the invented union, as texts
 */
export function invent(text: string): { file: string; anchor: string } {
  const { signature: _old, ...file } = JSON.parse(text) as SealedFile;
  const [sealed] = file.charters;
  if (sealed === undefined) throw new Error('no charter');
  const roots = new Map(sealed.payload.states.map(({ state }) => [state, makeKey()]));
  const rootOf = (state: string) => roots.get(state) as OwnKey;
  const charter: Charter = {
    ...sealed.payload,
    states: sealed.payload.states.map((one) => ({ ...one, root: rootOf(one.state).listed })),
  };
  const digest = digestOf(charter as unknown as Value);
  const seal = makeKey();
  const manifests = file.manifests.map(({ payload }) => {
    const ours = payload.state === file.sealedBy.state;
    const keys = payload.keys.map((one) => (ours && one.purpose === 'seal' ? { ...one, key: seal.listed } : one));
    return signObject('manifest', { ...payload, keys, charter: digest }, [rootOf(payload.state)]);
  });
  const body = {
    ...file,
    sealedBy: { ...file.sealedBy, key: seal.listed.id },
    charters: [signObject('charter', charter, [...roots.values()])],
    manifests,
  };
  const signature = sign(null, signedBytes('commonway/file/1', body as unknown as Value), seal.handle);
  const { union, version } = charter;
  return {
    file: canonical({ ...body, signature: signature.toString('base64url') } as unknown as Value),
    anchor: `${canonical({ union, version, digest })}\n`,
  };
}
