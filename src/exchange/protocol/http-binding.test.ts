import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateKey, type PublicKey } from '../../crypto/index.ts';
import { Failure, isFailure } from '../../storage/index.ts';
import {
  type BoundRequest,
  contentDigest,
  demandContentDigest,
  signRequest,
  signResponse,
  skewOf,
  verifyRequest,
  verifyResponse,
} from './http-binding.ts';

const NOW = '2026-03-01T09:00:00.000Z';
const content = Buffer.from('content');
const wrongSignature = (error: unknown) => isFailure(error, 'EXCHANGE_HTTP_SIGNATURE');
const fieldsOf = (headers: Record<string, string>) => Object.entries(headers).map(([name, value]) => ({ name, value }));

function finder(...keys: PublicKey[]) {
  return (id: string) => {
    const found = keys.find((key) => key.id === id);
    if (!found) throw new Failure('UNION_KEY_UNKNOWN', { key: id });
    return found;
  };
}

for (const suite of ['ed25519', 'es256'] as const) {
  describe(`a request signed with ${suite}`, () => {
    const key = generateKey(suite);
    const bare = {
      method: 'POST',
      authority: '127.0.0.1:7000',
      path: '/exchange/batch',
      fields: fieldsOf({ 'content-type': 'application/x', 'content-digest': contentDigest(content) }),
    };
    const request: BoundRequest = { ...bare, fields: [...bare.fields, ...fieldsOf(signRequest(bare, key, NOW))] };

    test('verifies under the key that is named', async () => {
      assert.equal(await verifyRequest(request, finder(key.public), NOW), Date.parse(NOW));
    });

    test('is refused when anything that it covers changes', async () => {
      const changes: Partial<BoundRequest>[] = [
        { method: 'PUT' },
        { authority: '127.0.0.1:7001' },
        { path: '/exchange/other' },
        { fields: request.fields.map((field) => (field.name === 'content-type' ? { ...field, value: 'x/y' } : field)) },
        {
          fields: request.fields.map((field) =>
            field.name === 'content-digest' ? { ...field, value: contentDigest(Buffer.from('x')) } : field,
          ),
        },
        { fields: request.fields.filter((field) => field.name !== 'signature') },
        { fields: [...request.fields, { name: 'content-type', value: 'twice' }] },
      ];
      for (const change of changes) {
        await assert.rejects(verifyRequest({ ...request, ...change }, finder(key.public), NOW), wrongSignature);
      }
    });

    test('is refused under a key that is not in the list, or that only bears the name', async () => {
      await assert.rejects(verifyRequest(request, finder(generateKey(suite).public), NOW), wrongSignature);
      const other = generateKey(suite).public;
      await assert.rejects(
        verifyRequest(request, () => other, NOW),
        wrongSignature,
      );
      const otherSuite = generateKey(suite === 'es256' ? 'ed25519' : 'es256').public;
      await assert.rejects(
        verifyRequest(request, () => otherSuite, NOW),
        wrongSignature,
      );
    });

    test('is refused when its parameters or its list of covered parts were changed', async () => {
      const input = request.fields.find((field) => field.name === 'signature-input')?.value ?? '';
      const variants = [
        input.replace('"@path" ', ''),
        input.replace('commonway-batch', 'commonway-receipts'),
        input.replace(/created=\d+/, 'created=1'),
        `${input};nonce="x"`,
        input.replace('commonway=', 'other='),
      ];
      for (const value of variants) {
        assert.notEqual(value, input);
        const fields = request.fields.map((field) => (field.name === 'signature-input' ? { ...field, value } : field));
        await assert.rejects(verifyRequest({ ...request, fields }, finder(key.public), NOW), wrongSignature);
      }
    });

    test('binds its response: of another request it does not verify', async () => {
      const fields = fieldsOf({ 'content-type': 'a/b', 'content-digest': contentDigest(Buffer.from('answer')) });
      const signed = [...fields, ...fieldsOf(signResponse({ status: 200, fields, request }, key, NOW))];
      const find = finder(key.public);
      assert.equal(await verifyResponse({ status: 200, fields: signed, request }, find, NOW), Date.parse(NOW));
      await assert.rejects(verifyResponse({ status: 201, fields: signed, request }, find, NOW), wrongSignature);
      const later = '2026-03-01T09:00:02.000Z';
      const other = { ...bare, fields: [...bare.fields, ...fieldsOf(signRequest(bare, key, later))] };
      await assert.rejects(verifyResponse({ status: 200, fields: signed, request: other }, find, NOW), wrongSignature);
      await assert.rejects(verifyRequest({ ...request, fields: signed }, find, NOW), wrongSignature);
    });
  });
}

describe('a signature with more than the protocol has', () => {
  test('is refused though it verifies', async () => {
    const key = generateKey();
    const { createSignatureSync } = await import('http-message-sig');
    const { rawSign } = await import('../../crypto/index.ts');
    const fields = fieldsOf({ 'content-type': 'a/b', 'content-digest': contentDigest(content), extra: 'x' });
    const request = { method: 'POST', authority: 'h:1', path: '/p', fields };
    const components = ['@method', '@authority', '@path', 'content-type', 'content-digest'];
    const make = (more: string[], parameters: Record<string, string | number>) => {
      const made = createSignatureSync(
        { kind: 'request', method: 'POST', targetUri: 'https://h:1/p', fields },
        {
          label: 'commonway',
          components: [...components, ...more],
          parameters: { created: Date.parse(NOW) / 1000, keyid: key.public.id, tag: 'commonway-batch', ...parameters },
          signer: { algorithm: 'ed25519', sign: (base) => rawSign(key, base) },
        },
      );
      return {
        ...request,
        fields: [...fields, ...fieldsOf({ 'signature-input': made.signatureInput, signature: made.signature })],
      };
    };
    assert.ok(await verifyRequest(make([], {}), finder(key.public), NOW));
    await assert.rejects(verifyRequest(make(['extra'], {}), finder(key.public), NOW), wrongSignature);
    await assert.rejects(verifyRequest(make([], { nonce: 'n' }), finder(key.public), NOW), wrongSignature);
  });
});

describe('a content digest', () => {
  test('is of exactly the content, by SHA-256', () => {
    demandContentDigest(contentDigest(content), content);
    const others = [
      undefined,
      '',
      'sha-512=:AA==:',
      contentDigest(Buffer.from('x')),
      'sha-256=text',
      'sha-256=:AA==:',
      ';;',
    ];
    for (const field of others) {
      assert.throws(
        () => demandContentDigest(field, content),
        (error: unknown) => isFailure(error, 'EXCHANGE_CONTENT_DIGEST'),
      );
    }
  });
});

describe('clocks', () => {
  test('may differ by a minute, either way', () => {
    const at = (ms: number) => Date.parse(NOW) + ms;
    assert.equal(skewOf(at(60_000), NOW), 0);
    assert.equal(skewOf(at(-60_000), NOW), 0);
    assert.ok(skewOf(at(62_000), NOW) > 0);
    assert.ok(skewOf(at(-62_000), NOW) < 0);
  });
});
