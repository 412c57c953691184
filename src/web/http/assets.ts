import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import type { Assets } from '../ui/index.ts';
import { themeCss } from '../ui/index.ts';
import { ICON_SVG } from './icon-svg.ts';

interface Asset {
  type: string;
  plain: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
}

/** The build puts what browsers get beside the program. */
const BUILT = new URL('./public/', import.meta.url);

/** Compressed when first asked for: a node must not wait for it to start. */
function makeAsset(type: string, text: string): Asset {
  const plain = Buffer.from(text);
  let gzip: Buffer | undefined;
  let brotli: Buffer | undefined;
  return {
    type,
    plain,
    get gzip() {
      gzip ??= gzipSync(plain, { level: 9 });
      return gzip;
    },
    get brotli() {
      brotli ??= brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
      return brotli;
    },
  };
}

/**
 * The style sheet and the scripts of one state's portal, each under a name with its digest, so that browsers keep
 * them for good.
 */
export function loadAssets(state: string): { addresses: Assets; byPath: ReadonlyMap<string, Asset> } {
  const byPath = new Map<string, Asset>();
  const add = (name: string, extension: string, type: string, text: string): string => {
    const digest = createHash('sha256').update(text).digest('base64url').slice(0, 12);
    const path = `/assets/${name}-${digest}.${extension}`;
    byPath.set(path, makeAsset(type, text));
    return path;
  };
  const built = (file: string): string => readFileSync(new URL(file, BUILT), 'utf8');
  const style = `@layer ds.theme,ds.base,ds.components,cw,cw-last;${themeCss(state)}${built('main.css')}`;
  const addresses = {
    style: add('style', 'css', 'text/css; charset=utf-8', style),
    script: add('enhance', 'js', 'text/javascript; charset=utf-8', built('enhance.js')),
    proof: add('proof', 'js', 'text/javascript; charset=utf-8', built('proof.js')),
    passkey: add('passkey', 'js', 'text/javascript; charset=utf-8', built('passkey.js')),
  };
  byPath.set('/assets/icon.svg', makeAsset('image/svg+xml', ICON_SVG));
  return { addresses, byPath };
}

/** Serves them: for ever where the name carries the digest. */
export function serveAssets(app: FastifyInstance, byPath: ReadonlyMap<string, Asset>): void {
  for (const [path, asset] of byPath) {
    app.get(path, async (request, reply) => {
      const accepted = String(request.headers['accept-encoding'] ?? '');
      const encoding = /\bbr\b/.test(accepted) ? 'brotli' : /\bgzip\b/.test(accepted) ? 'gzip' : 'plain';
      if (encoding !== 'plain') reply.header('content-encoding', encoding === 'brotli' ? 'br' : 'gzip');
      const kept = path === '/assets/icon.svg' ? 'public, max-age=86400' : 'public, max-age=31536000, immutable';
      return reply
        .header('vary', 'accept-encoding')
        .header('cache-control', kept)
        .type(asset.type)
        .send(asset[encoding]);
    });
  }
}
