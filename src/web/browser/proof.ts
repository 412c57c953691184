// Verifies the entries of a person's access record in her own browser: that each is in the log of the state that made it, under a
// checkpoint that enough other states have seen. Loaded on that page only.
import { type InclusionProof, type LedgerTrust, verifyInclusion, webProofCrypto } from '../../ledger/proof/index.ts';

interface Answer {
  content: unknown;
  proof: InclusionProof;
  trust: LedgerTrust;
}

type Result = 'verified' | 'unwitnessed' | 'failed' | 'unable';

/** Canonical JSON (RFC 8785) of what an access entry is made of: members sorted by UTF-16 code units, as `sort` does. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
}

async function digestOf(content: unknown): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical(content)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function check(address: string): Promise<Result> {
  const answer = await fetch(address, { redirect: 'error' });
  if (!answer.ok) return 'unable';
  const { content, proof, trust } = (await answer.json()) as Answer;
  const contentDigest = await digestOf(content);
  const verdict = await verifyInclusion(webProofCrypto(), proof, { ...trust, contentDigest, kind: 'access' });
  if (verdict.verified) return 'verified';
  return verdict.code === 'LEDGER_PROOF_WITNESSES' ? 'unwitnessed' : 'failed';
}

function show(place: HTMLElement, result: Result | 'checking'): void {
  const words = place.dataset[`words${result.charAt(0).toUpperCase()}${result.slice(1)}`];
  place.dataset.result = result;
  const text = place.querySelector('span');
  if (text && words) text.textContent = words;
}

async function checkAll(): Promise<void> {
  const places = [...document.querySelectorAll<HTMLElement>('[data-proof]')];
  for (const place of places) show(place, 'checking');
  for (const place of places) {
    // A browser without Ed25519 cannot judge: that is no fault of the proof.
    show(place, await check(place.dataset.proof ?? '').catch(() => 'unable' as const));
  }
}

if (globalThis.crypto?.subtle) void checkAll();
