import type { IncomingMessage } from 'node:http';

/** What is read of a body that nobody wants, so that its sender hears the answer instead of a broken connection. */
const MOST_BYTES = 1024 * 1024;
const MOST_MS = 1_000;

/**
 * Reads the rest of a request that is refused, within limits.
 * @returns whether all of it came: otherwise the connection is to be closed, or whoever was refused could go on sending for ever
 */
export function readAway(request: IncomingMessage): Promise<boolean> {
  if (request.complete || request.destroyed) return Promise.resolve(request.complete);
  return new Promise((resolve) => {
    let size = 0;
    const take = (part: Buffer) => {
      size += part.length;
      if (size > MOST_BYTES) done();
    };
    const done = () => {
      clearTimeout(timer);
      request.off('data', take).off('end', done).off('close', done).pause();
      resolve(request.complete);
    };
    const timer = setTimeout(done, MOST_MS);
    request.on('data', take).once('end', done).once('close', done);
    request.resume();
  });
}
