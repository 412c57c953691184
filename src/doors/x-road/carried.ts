import { Failure } from '../../storage/index.ts';
import { readHeaders } from './carried-headers.ts';
import { type Side, XRoadError } from './errors.ts';
import { answerable, type Header } from './head.ts';

/** What a head of this door begins with between nodes; the number is the version of the form. */
const MARK = 'x-road-rest/1\r\n';

/** A request's head between nodes: the mark, then exactly what is hashed. */
export const carryRequest = (head: Uint8Array): Buffer => Buffer.concat([Buffer.from(MARK), head]);

/** Whether a head is one of this door. */
export const isXRoad = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(0, MARK.length)).toString('latin1') === MARK;

/** @throws Failure DOORS_HEAD */
export function openRequest(head: Uint8Array): Uint8Array {
  if (!isXRoad(head)) throw new Failure('DOORS_HEAD', { reason: 'it is not of the X-Road REST door' });
  return head.subarray(MARK.length);
}

/** What a call with this head may be looked for by: the caller's id of the message, and the request id that its gateway gave. */
export function namesInXRoad(head: Uint8Array): string[] {
  if (!isXRoad(head)) return [];
  const lines = Buffer.from(head.subarray(MARK.length)).toString('latin1').split('\r\n');
  const names = new Set<string>();
  for (const line of lines) {
    const [, name] = /^x-road-(?:request-)?id:(.*)$/i.exec(line) ?? [];
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

/** An answer's head. */
export interface AnswerHead {
  status: number;
  reason: string;
  headers: Header[];
}

/** An answer of the service: `status SP reason CRLF (name ":" value CRLF)*` after the mark. */
export function carryAnswer({ status, reason, headers }: AnswerHead): Buffer {
  const lines = [`${status} ${reason}`, ...headers.map(([name, value]) => `${name}:${value}`)];
  return Buffer.from(`${MARK}${lines.join('\r\n')}\r\n`, 'latin1');
}

/** An error of this gateway, in place of an answer: the word `error`, then JSON. Its style is the other gateway's business. */
export function carryError({ side, code, message, detail }: XRoadError): Buffer {
  return Buffer.from(`${MARK}error\r\n${JSON.stringify({ side, code, message, detail })}`, 'utf8');
}

/**
 * Reads the head of an answer, trusting the node that gave it in nothing but the service's own words.
 * @throws XRoadError what the other gateway refused with
 * @throws Failure DOORS_HEAD
 */
export function openAnswer(head: Uint8Array): AnswerHead {
  const malformed = () => new Failure('DOORS_HEAD', { reason: 'the answer is malformed' });
  if (!isXRoad(head)) throw malformed();
  const rest = Buffer.from(head.subarray(MARK.length));
  if (rest.subarray(0, 7).toString('latin1') === 'error\r\n') throw openError(rest.subarray(7), malformed);
  const [first = '', ...lines] = rest.toString('latin1').split('\r\n');
  // A status below 200 is no answer yet: whoever asked would take the next answer on the connection for this one.
  const [, status, reason = ''] = /^([2-9]\d\d) ([\t\x20-\x7e\x80-\xff]*)$/.exec(first) ?? [];
  if (status === undefined || lines.pop() !== '') throw malformed();
  const headers = readHeaders(lines);
  if (headers === undefined) throw malformed();
  return { status: Number(status), reason, headers: answerable(headers) };
}

function openError(bytes: Buffer, malformed: () => Failure): XRoadError {
  let said: { side?: Side; code?: unknown; message?: unknown; detail?: unknown };
  try {
    said = JSON.parse(bytes.toString('utf8')) as typeof said;
  } catch {
    throw malformed();
  }
  const { side, code, message, detail } = said;
  const words = [code, message].every((word) => typeof word === 'string');
  if ((side !== 'client' && side !== 'server') || !words || !/^[a-z_]{1,60}$/.test(String(code))) throw malformed();
  const id = typeof detail === 'string' && /^[0-9a-f-]{36}$/.test(detail) ? detail : undefined;
  return new XRoadError(side, String(code), String(message).slice(0, 1000), id);
}
