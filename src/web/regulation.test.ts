import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parse } from 'node-html-parser';
import { printRegulation, regulationStyle } from '../agreements/index.ts';
import { LANGUAGES } from '../texts/index.ts';
import { CONTENT_SECURITY_POLICY } from './http/headers.ts';
import { testWeb, visitor } from './testing.ts';

const SERVICE = '/services/pension/pension';

test('a service leads anybody to the regulation that it runs, in her language, and to the picture of it', async (t) => {
  const { ctx, app } = await testWeb(t);
  const me = visitor(app);
  const page = parse((await me.get(SERVICE)).body);
  for (const address of [`${SERVICE}/regulation`, `${SERVICE}/journey.svg`]) {
    assert.equal(page.querySelectorAll(`a[href="${address}"]`).length, 1, address);
  }
  const pension = ctx.agreements.newest('pension');
  assert.ok(pension);
  const style = `${SERVICE}/regulation.css?language=kk`;
  const { statusCode, headers, body } = await me.get(`${SERVICE}/regulation`, { 'accept-language': 'kk' });
  assert.equal(statusCode, 200);
  assert.equal(headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(headers['content-security-policy'], CONTENT_SECURITY_POLICY);
  assert.equal(body, printRegulation(pension, 'kk', style), 'what the command prints');
  assert.equal((await me.get(style)).body, regulationStyle(pension, 'kk'));
});

test('every address of a regulation can name its language, and none but those of the union', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const language of LANGUAGES) {
    const { body } = await me.get(`${SERVICE}/regulation?language=${language}`);
    assert.match(body, new RegExp(`^<!doctype html>\\n<html lang="${language}"`));
    assert.ok(body.includes(`href="${SERVICE}/regulation.css?language=${language}"`));
    assert.match(
      (await me.get(`${SERVICE}/journey.svg?language=${language}`)).body,
      new RegExp(`xml:lang="${language}"`),
    );
  }
  assert.match((await me.get(`${SERVICE}/regulation?language=de`)).body, /<html lang="en"/);
});

test('the picture brings its own style, and its policy allows nothing else', async (t) => {
  const { app } = await testWeb(t);
  const { headers } = await visitor(app).get(`${SERVICE}/journey.svg`);
  assert.equal(headers['content-type'], 'image/svg+xml; charset=utf-8');
  assert.match(
    String(headers['content-security-policy']),
    /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
  );
  assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('there is no regulation of a service that is not offered', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const file of ['regulation', 'regulation.css', 'journey.svg']) {
    for (const service of ['/services/pension/none', '/services/none/pension', '/services/pension/constructor']) {
      assert.equal((await me.get(`${service}/${file}`)).statusCode, 404, `${service}/${file}`);
    }
  }
});

test('a regulation is light enough for a thin line, whatever the language', async (t) => {
  const { app } = await testWeb(t);
  const me = visitor(app);
  for (const language of LANGUAGES) {
    const files = await Promise.all(
      ['regulation', 'regulation.css'].map((file) => me.get(`${SERVICE}/${file}?language=${language}`)),
    );
    const weight = files.reduce((sum, { rawPayload }) => sum + gzipSync(rawPayload, { level: 5 }).length, 0);
    assert.ok(weight < 60_000, `${language}: ${weight} bytes`);
  }
});
