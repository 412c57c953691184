// Starts the form runner of @defra/forms-engine-plugin with one form and prints the port: sessions in memory, no other service asked.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HOME = new URL('node_modules/@defra/forms-engine-plugin/.server/', import.meta.url);
const NAMED = ['FEEDBACK_LINK', 'MANAGER_URL', 'DESIGNER_URL', 'SUBMISSION_URL', 'UPLOADER_URL'];
const SECRET = ['NOTIFY_TEMPLATE_ID', 'NOTIFY_API_KEY', 'UPLOADER_BUCKET_NAME', 'REDIS_HOST', 'REDIS_USERNAME'];

Object.assign(process.env, {
  NODE_ENV: 'production',
  LOG_ENABLED: 'false',
  REDIS_PASSWORD: 'none',
  REDIS_KEY_PREFIX: 'none',
  SESSION_COOKIE_PASSWORD: 'for a bench that keeps nothing of it',
  PORT: process.argv[2],
  ...Object.fromEntries(NAMED.map((name) => [name, 'http://localhost'])),
  ...Object.fromEntries(SECRET.map((name) => [name, 'none'])),
});

const { config } = await import(new URL('config/index.js', HOME).href);
// Only its tests keep sessions in memory; everything else runs as in production.
config.set('isTest', true);
const assets = mkdtempSync(join(tmpdir(), 'commonway-bench-assets-'));
writeFileSync(join(assets, 'assets-manifest.json'), '{}');
config.set('publicDir', assets);

const state = { status: 'live', createdAt: new Date(), createdBy: {}, updatedAt: new Date(), updatedBy: {} };
const metadata = { id: '0'.repeat(24), slug: 'form', title: 'Form', live: state, draft: state };
const { createServer } = await import(new URL('server/index.js', HOME).href);
const server = await createServer({
  formFileName: 'form.json',
  formFilePath: import.meta.dirname,
  services: { formsService: { getFormMetadata: async () => metadata } },
});
await server.start();
process.stdout.write(`ready ${server.info.port}\n`);
