// A load generator that costs little: requests over kept connections, written and counted as bytes. Runs as a process of its own.
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What is to be asked, and how. */
export interface LoadOrder {
  port: number;
  connections: number;
  seconds: number;
  /** One request, whole, as it goes over the wire. */
  request: string;
  /** Requests a second over all connections; as fast as answers come where it is left out. */
  rate?: number;
  /** Ends after so many answers, however long it takes. */
  most?: number;
  /** Opens a connection for each request. */
  fresh?: boolean;
}

/** What came of it. */
export interface LoadResult {
  answers: number;
  /** Connections that broke, and answers that were not 200. */
  errors: number;
  seconds: number;
  bytes: number;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
}

const END = Buffer.from('\r\n\r\n');

function load(order: LoadOrder): Promise<LoadResult> {
  const request = Buffer.from(order.request);
  const took: number[] = [];
  const result: LoadResult = { answers: 0, errors: 0, seconds: 0, bytes: 0, p50: 0, p95: 0, p99: 0 };
  const began = performance.now();
  const end = began + order.seconds * 1000;
  const most = order.most ?? Number.POSITIVE_INFINITY;
  const gapMs = order.rate === undefined ? 0 : (1000 * order.connections) / order.rate;
  let asked = 0;
  const line = (place: number): Promise<void> =>
    new Promise((resolve) => {
      let socket: Socket;
      let sent = 0;
      let due = performance.now() + (gapMs * place) / order.connections;
      let head: Buffer = Buffer.alloc(0);
      let left = -1;
      let chunked = false;
      let tail = '';
      const ask = (): void => {
        const now = performance.now();
        if (now > end || asked >= most) return void socket.end(() => resolve());
        if (gapMs > 0 && due > now) return void setTimeout(ask, due - now);
        // At a given rate the time counts from when it was due: a slow answer delays those behind it.
        sent = gapMs > 0 ? due : now;
        due += gapMs;
        asked++;
        head = Buffer.alloc(0);
        left = -1;
        socket.write(request);
      };
      const answered = (): void => {
        result.answers++;
        took.push(performance.now() - sent);
        if (!order.fresh) ask();
        else {
          socket.destroy();
          if (performance.now() > end || asked >= most) resolve();
          else open();
        }
      };
      const take = (data: Buffer): void => {
        result.bytes += data.length;
        if (left < 0) {
          head = head.length === 0 ? data : Buffer.concat([head, data]);
          const at = head.indexOf(END);
          if (at < 0) return;
          const text = head.toString('latin1', 0, at);
          if (!text.startsWith('HTTP/1.1 200')) {
            result.errors++;
            if (result.errors === 1) process.stderr.write(`${head.toString('latin1').slice(0, 600)}\n`);
          }
          chunked = /transfer-encoding: *chunked/i.test(text);
          left = chunked ? 1 : Number(/content-length: *(\d+)/i.exec(text)?.[1] ?? 0);
          tail = '';
          data = head.subarray(at + 4);
        }
        if (chunked) {
          tail = (tail + data.toString('latin1', Math.max(0, data.length - 8))).slice(-8);
          if (tail.endsWith('0\r\n\r\n')) answered();
        } else {
          left -= data.length;
          if (left <= 0) answered();
        }
      };
      const open = (): void => {
        socket = connect(order.port, '127.0.0.1', ask);
        socket.setNoDelay(true);
        socket.on('data', take);
        socket.on('error', () => {
          result.errors++;
          resolve();
        });
      };
      open();
    });
  return Promise.all(Array.from({ length: order.connections }, (_, place) => line(place))).then(() => {
    took.sort((one, other) => one - other);
    result.seconds = (performance.now() - began) / 1000;
    result.p50 = took[Math.floor(took.length * 0.5)] ?? 0;
    result.p95 = took[Math.floor(took.length * 0.95)] ?? 0;
    result.p99 = took[Math.floor(took.length * 0.99)] ?? 0;
    return result;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await load(JSON.parse(process.argv[2] ?? '{}') as LoadOrder);
  process.stdout.write(JSON.stringify(result));
}
