import Type from 'typebox';
import { systemName } from '../../access/index.ts';
import { type AccessContent, demandUsageConsumer, findUsage } from '../../persons/index.ts';
import { findResident } from '../../registers/index.ts';
import { type ApiContext, type Operation, operation } from './operation.ts';
import { closed, Id, listOf, Moment, nullable, text, whole } from './schemas.ts';

const MOST = 1000;
const USUAL = 100;

/** `logtime`, `action` and `receiver` are those of the protocol; the others say what it leaves out. */
const Usage = closed({
  logtime: Moment,
  action: text(600, 'What for, and on which ground.'),
  sender: text(100, 'The agency that gave the data, or used its own.'),
  receiver: text(100, 'The agency that was given them, or used its own.'),
  id: Id,
  purpose: text(200),
  ground: text(500),
  fields: listOf(text(200), 500),
  service: nullable(text(230)),
  user: nullable(text(200, 'The officer, as his agency names him.')),
});

/** Who used a person's data, for a system of the state that shows it to her. */
export const usageOperations: readonly Operation[] = [
  operation({
    id: 'findUsage',
    method: 'GET',
    path: '/findUsage',
    tag: 'access',
    summary: "List the uses of a person's data, for a portal of the state that shows them to her",
    description:
      "In the shape of `findUsage` of the Estonian data tracker. Off: the operator switches it on for a named system. The person is named in X-Road-UserId, since an address would be logged. That you asked stands in her record. Of nobody's number there are no uses.",
    parameters: {
      'X-Road-UserId': {
        in: 'header',
        required: true,
        schema: Type.String({
          pattern: '^[A-Za-z0-9][A-Za-z0-9 ./-]*$',
          maxLength: 64,
          description: 'Her number in the population register.',
        }),
      },
      offset: {
        in: 'query',
        schema: whole(0, 1_000_000, 'The place of the first one; 1, the newest, is the default.'),
      },
      limit: { in: 'query', schema: whole(1, MOST, `Default: ${USUAL}.`) },
    },
    answers: {
      200: { description: 'The newest first.', schema: closed({ findUsageResponses: listOf(Usage, MOST) }) },
    },
    refusals: [403],
    async handle(ctx, { caller, parameters }) {
      const number = parameters['X-Road-UserId'] ?? '';
      const query = { offset: Number(parameters.offset ?? 1), limit: Number(parameters.limit ?? USUAL) };
      const entries = await usageOf(ctx, { system: systemName(caller), agency: caller.agency }, number, query);
      return { status: 200, body: { findUsageResponses: entries.map(usage) } };
    },
  }),
];

/** Who may not ask is told so before anything is looked up: he learns of no number whether somebody has it. */
async function usageOf(
  ctx: ApiContext,
  consumer: { system: string; agency: string },
  number: string,
  query: { offset: number; limit: number },
): Promise<AccessContent[]> {
  await demandUsageConsumer(ctx, consumer.system);
  const resident = await findResident(ctx.db, [number]);
  return resident === undefined ? [] : findUsage(ctx, consumer, { number: resident, ...query });
}

function usage({ id, at, agency, caller, actor, purpose, ground, fields, service }: AccessContent) {
  return {
    logtime: at,
    action: ground.article === '' ? purpose : `${purpose}: ${ground.article}`,
    sender: agency,
    receiver: caller?.agency ?? agency,
    id,
    purpose,
    ground: ground.article,
    fields,
    service: service ?? null,
    user: caller?.user ?? actor,
  };
}
