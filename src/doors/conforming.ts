import {
  answerSchemas,
  type Content,
  checkAnswerContent,
  checkParameters,
  checkRequestContent,
  findContract,
  findOperation,
  type Holding,
  type Problem,
  requestSchemas,
  type Service,
  serviceName,
  wantsJson,
} from '../access/index.ts';
import type { Body } from '../calls/index.ts';
import { count } from '../measures/index.ts';
import { Failure } from '../storage/index.ts';
import type { ServiceAnswer } from './access-record.ts';
import type { DoorsContext } from './context.ts';
import { drain, firstBytes, type Header, isJson, jsonOf } from './read-body.ts';

/** What is read to be held against a document: checking it holds the process, and who calls chooses what there is to check. */
const MOST_CHECKED = 1024 * 1024;

/** A call whose access rights were decided on. */
interface AskedCall {
  service: Service;
  method: string;
  path: string;
  rawQuery: string;
  headers: readonly Header[];
  body: Body;
}

/**
 * Holds a call against the OpenAPI document of its service, as far as that was asked for. What is reported goes on and is counted; what is
 * refused does not reach the service, or does not leave the node. Nothing that is said of it is in the words of the call.
 *
 * @returns the body as it is to be sent, and what holds the answer against the document
 * @throws Failure DOORS_REQUEST_NONCONFORMING, DOORS_REQUEST_UNCHECKED; of the answer DOORS_ANSWER_NONCONFORMING, DOORS_ANSWER_UNCHECKED
 */
export async function conforming<A extends ServiceAnswer>(
  ctx: DoorsContext,
  call: AskedCall,
): Promise<{ body: Body; checked(answer: A): Promise<A> }> {
  const { service, method, path, headers } = call;
  const pass = { body: call.body, checked: async (answer: A) => answer };
  const contract = service.conformance === null ? undefined : await findContract(ctx, service);
  if (contract === undefined || service.conformance === null) return pass;
  const { requests, answers } = service.conformance;
  // Access rights know the operations of the document; HEAD is not among them where only GET is.
  const operation = findOperation(contract, method, path);
  if (operation === undefined) return pass;
  let { body } = call;
  if (requests !== 'off') {
    const problem = checkParameters(operation, call);
    if (problem !== undefined) settle(service, 'request', requests, problem);
    const type = mediaType(headers);
    const read = wantsJson(requestSchemas(operation), type)
      ? await readContent(body, headers)
      : { body, content: outline(body, type) };
    body = read.body;
    if (read.content === undefined) unchecked(service, 'request', requests);
    else settle(service, 'request', requests, checkRequestContent(operation, read.content));
  }
  if (answers === 'off') return { ...pass, body };
  return {
    body,
    async checked(answer) {
      const { status } = answer;
      const type = mediaType(answer.headers);
      const isRead = wantsJson(answerSchemas(operation, status), type);
      const read = isRead
        ? await readContent(answer.body, answer.headers)
        : { body: answer.body, content: outline(answer.body, type) };
      try {
        if (read.content === undefined) unchecked(service, 'answer', answers);
        else settle(service, 'answer', answers, checkAnswerContent(operation, status, read.content));
      } catch (error) {
        drain(read.body);
        throw error;
      }
      return { ...answer, body: read.body };
    },
  };
}

/** A content that need not be read: only its type is held against anything. */
const outline = (body: Body, type: string): Content => ({
  type,
  isEmpty: body === null || (body instanceof Uint8Array && body.length === 0),
});

/** `content` is undefined where it is too large, or encoded: then the body is a stream of all of it. */
async function readContent(body: Body, headers: readonly Header[]): Promise<{ body: Body; content?: Content }> {
  const type = mediaType(headers);
  if (body === null) return { body, content: { type, isEmpty: true } };
  if (!isJson(headers)) return { body };
  const [start, rest] = await firstBytes(body, MOST_CHECKED);
  if (rest !== undefined) return { body: rest };
  if (start.length > MOST_CHECKED) return { body: start };
  const json = jsonOf(start);
  return { body: start, content: { type, isEmpty: start.length === 0, ...(json === undefined ? {} : { json }) } };
}

function mediaType(headers: readonly Header[]): string {
  const [, value = ''] = headers.find(([name]) => name.toLowerCase() === 'content-type') ?? [];
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}

type Direction = 'request' | 'answer';
const FAILURES = {
  request: { nonconforming: 'DOORS_REQUEST_NONCONFORMING', unchecked: 'DOORS_REQUEST_UNCHECKED' },
  answer: { nonconforming: 'DOORS_ANSWER_NONCONFORMING', unchecked: 'DOORS_ANSWER_UNCHECKED' },
} as const;

function settle(service: Service, direction: Direction, holding: Holding, problem: Problem | undefined): void {
  if (problem === undefined) return;
  counted(service, direction, holding, 'nonconforming');
  if (holding === 'refuse')
    throw new Failure(FAILURES[direction].nonconforming, { place: problem.place, reason: problem.reason });
}

function unchecked(service: Service, direction: Direction, holding: Holding): void {
  counted(service, direction, holding, 'unchecked');
  if (holding === 'refuse') throw new Failure(FAILURES[direction].unchecked, { most: MOST_CHECKED });
}

function counted(service: Service, direction: Direction, holding: Holding, why: string): void {
  const labels = {
    service: serviceName(service),
    direction,
    why,
    outcome: holding === 'refuse' ? 'refused' : 'reported',
  };
  count(
    'calls_nonconforming',
    'Requests and answers that are not as the OpenAPI document of the service says.',
    labels,
  );
}
