import { Failure } from './failure.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '53300', // too_many_connections
]);
/** disk_full: nothing of the statement was kept, and what was acknowledged before is there. */
const NO_SPACE = '53100';
const REFUSED = new Set(['28000', '28P01', '3D000', '42501']);

/** What the caller sees of an error of the driver: failures of the connection and a full disk get a code, all else stays as it is. */
export function asFailure(error: unknown, url: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const code = (error as { code?: string }).code ?? '';
  const lost = /timeout exceeded when trying to connect|Connection terminated/i.test(error.message);
  if (UNREACHABLE.has(code) || lost) {
    return new Failure(
      'STORAGE_UNREACHABLE',
      { host: hostOf(url), reason: code || 'connection lost' },
      { cause: error },
    );
  }
  if (code === NO_SPACE) return new Failure('STORAGE_NO_SPACE', { host: hostOf(url) }, { cause: error });
  if (REFUSED.has(code) && (error as { severity?: string }).severity === 'FATAL') {
    return new Failure('STORAGE_REFUSED', { host: hostOf(url), user: userOf(url), reason: code }, { cause: error });
  }
  return error;
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'an unreadable address';
}

function userOf(url: string): string {
  return URL.parse(url)?.username ?? '';
}
