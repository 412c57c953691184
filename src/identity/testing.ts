import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { BindingOptions } from './passkeys/bind.ts';
import type { SigningOptions } from './passkeys/sign-in.ts';

/** What an authenticator or a browser does otherwise than it should. */
export interface Mistakes {
  origin?: string;
  crossOrigin?: boolean;
  rpId?: string;
  /** The person was not asked for her finger, face or PIN. */
  unverified?: boolean;
  counter?: number;
  userHandle?: string;
  type?: string;
  /** The signature is another key's. */
  key?: KeyObject;
  /** The format that the attestation claims, and certificates beside it. */
  attestation?: { fmt: string; x5c?: Uint8Array };
}

/** One passkey in software: it makes the same bytes as an authenticator behind a browser, and any mistake that is wanted. */
export function softAuthenticator({ origin, synced = false }: { origin: string; synced?: boolean }) {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(16).toString('base64url');
  let counter = 0;
  let handle = '';
  const clientData = (type: string, challenge: string, wrong: Mistakes) =>
    Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge,
        origin: wrong.origin ?? origin,
        crossOrigin: wrong.crossOrigin ?? false,
      }),
    );
  const authenticatorData = (rpId: string, wrong: Mistakes, more: Uint8Array = Buffer.alloc(0)) => {
    // User present, user verified, may be backed up, attested data follow (WebAuthn level 3, section 6.1).
    const flags = 0x01 | (wrong.unverified ? 0 : 0x04) | (synced ? 0x08 : 0) | (more.length > 0 ? 0x40 : 0);
    const head = Buffer.alloc(5);
    head.writeUInt8(flags, 0);
    head.writeUInt32BE(wrong.counter ?? (synced ? 0 : ++counter), 1);
    return Buffer.concat([sha256(wrong.rpId ?? rpId), head, more]);
  };
  const answer = (response: Record<string, Uint8Array | string>) =>
    JSON.stringify({ id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: asTexts(response) });
  return {
    id,
    make(options: BindingOptions, wrong: Mistakes = {}): string {
      handle = options.user.id;
      const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
      const coseKey = cbor(
        new Map<number, CborValue>([
          [1, 2],
          [3, -7],
          [-1, 1],
          [-2, Buffer.from(x, 'base64url')],
          [-3, Buffer.from(y, 'base64url')],
        ]),
      );
      const idBytes = Buffer.from(id, 'base64url');
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, idBytes.length]), idBytes, coseKey]);
      const { fmt, x5c } = wrong.attestation ?? { fmt: 'none' };
      const attestationObject = cbor(
        new Map<string, CborValue>([
          ['fmt', fmt],
          ['attStmt', new Map<string, CborValue>(x5c === undefined ? [] : [['x5c', x5c]])],
          ['authData', authenticatorData(options.rp.id, wrong, attested)],
        ]),
      );
      return answer({
        clientDataJSON: clientData('webauthn.create', options.challenge, wrong),
        attestationObject,
      });
    },
    sign({ challenge, rpId }: SigningOptions, wrong: Mistakes = {}): string {
      const client = clientData('webauthn.get', challenge, wrong);
      const data = authenticatorData(rpId, wrong);
      const signature = sign('sha256', Buffer.concat([data, sha256(client)]), wrong.key ?? pair.privateKey);
      return answer({
        clientDataJSON: client,
        authenticatorData: data,
        signature,
        userHandle: wrong.userHandle ?? handle,
      });
    },
  };
}

const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();

const asTexts = (response: Record<string, Uint8Array | string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(response).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : Buffer.from(value).toString('base64url'),
    ]),
  );

type CborValue = number | string | Uint8Array | ReadonlyMap<number | string, CborValue>;

/** The little of CBOR (RFC 8949) that an authenticator writes. */
function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
  if (typeof value === 'string') return Buffer.concat([cborHead(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([cborHead(2, value.length), value]);
  return Buffer.concat([cborHead(5, value.size), ...[...value].flatMap(([name, one]) => [cbor(name), cbor(one)])]);
}

function cborHead(major: number, size: number): Buffer {
  const type = major << 5;
  if (size < 24) return Buffer.from([type | size]);
  return size < 256 ? Buffer.from([type | 24, size]) : Buffer.from([type | 25, size >> 8, size & 0xff]);
}
