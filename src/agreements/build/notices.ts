import { BOOLEAN, type FeelType, listOf, oneOf, STRING } from '../../feel/index.ts';
import { LANGUAGES } from '../../texts/index.ts';
import type { Draft, Read } from '../read/draft.ts';
import { expressionAt } from '../read/expressions.ts';
import type { ServiceFile } from '../read/kinds/contract.ts';
import type { Path } from '../read/yaml.ts';
import type { Expression, Notice, Service } from '../types.ts';
import { demandTransaction } from './contract.ts';
import { typeOfField } from './feel-types.ts';
import { buildAsks } from './fields.ts';
import { openNameBook } from './names.ts';
import type { BuiltRules } from './rules.ts';
import { useText } from './texts.ts';
import type { World } from './world.ts';

type StageShape = ServiceFile['stages'][number];

/** What the stages tell other authorities: built after the rules, whose values it carries. Finding: AGREEMENT_STAGE_SHAPE. */
export function buildNotices(draft: Draft, world: World, services: Record<string, Service>, rules: BuiltRules): void {
  for (const read of draft.services.items.values()) {
    read.raw.stages.forEach((stage, index) => {
      checkStage(draft, read, stage, index);
      if (stage.sends === undefined) return;
      const notice = buildNotice(draft, world, read, stage.sends, ['stages', index, 'sends'], rules);
      const built = services[read.raw.service]?.stages[index];
      if (notice !== undefined && built !== undefined) built.sends = notice;
    });
  }
}

/** Only a stage that notifies sends, and it comes after the decision; only an officer can be asked. */
function checkStage(draft: Draft, { raw, source }: Read<ServiceFile>, stage: StageShape, index: number): void {
  const { sends, verb, by, name } = stage;
  if (sends === undefined) return;
  const wrong = (reason: string): void =>
    draft.findings.add('AGREEMENT_STAGE_SHAPE', { name, reason }, source.at(['stages', index]));
  const decided = raw.stages.findLastIndex((one) => one.verb === 'decide' || one.verb === 'confirm');
  if (verb !== 'notify') wrong(`${verb} sends nothing to other authorities`);
  if (index < decided) wrong('others are told after the decision');
  if (by === 'system' && sends.asks !== undefined) wrong('only an officer can be asked');
  if (sends.status === undefined) return;
  if (by === 'system') wrong('only an officer changes the status of a document');
  if (raw.document === undefined) wrong('the service issues no document whose status could change');
}

function buildNotice(
  draft: Draft,
  world: World,
  read: Read<ServiceFile>,
  sends: NonNullable<StageShape['sends']>,
  path: Path,
  rules: BuiltRules,
): Notice | undefined {
  const { source } = read;
  demandTransaction(draft, sends.transaction, { operation: 'distribute' }, source, [...path, 'transaction']);
  const asks = buildAsks(draft, world, read, sends.asks ?? {}, [...path, 'asks']);
  const types: Record<string, FeelType> = { ...rules.types, articles: listOf(STRING) };
  const book = openNameBook(draft);
  for (const [name, field] of Object.entries(sends.asks ?? {})) {
    const at = [...path, 'asks', name];
    book.take(name, 'an earlier question', source, at);
    if (Object.hasOwn(types, name)) {
      draft.findings.add('AGREEMENT_NAME_TAKEN', { name, other: 'the agreement' }, source.at(at, true));
    }
    types[name] = typeOfField(field, { parties: world.parties, languages: LANGUAGES });
  }
  const carries = buildCarries(draft, world, read, sends.carries, [...path, 'carries'], types);
  if (!world.whole) return undefined;
  const expression = (at: Path, text: string, expect?: FeelType): Expression | undefined =>
    expressionAt(
      source,
      [...path, ...at],
      text,
      { types, ...(expect === undefined ? {} : { expect }) },
      draft.findings,
    );
  const to = expression(['to'], sends.to, listOf(oneOf(...world.parties)));
  const when = sends.when === undefined ? undefined : expression(['when'], sends.when, BOOLEAN);
  const status =
    sends.status === undefined
      ? undefined
      : expression(['status'], sends.status, oneOf('valid', 'suspended', 'revoked'));
  if (to === undefined) return undefined;
  const found = { ...(when === undefined ? {} : { when }), ...(status === undefined ? {} : { status }) };
  return { transaction: sends.transaction, to, ...found, carries, asks };
}

/** What another authority is told or shown of a case, name by name, each with the text that names it. */
export function buildCarries(
  draft: Draft,
  world: World,
  { source }: Read<ServiceFile>,
  written: NonNullable<StageShape['sends']>['carries'],
  path: Path,
  types: Readonly<Record<string, FeelType>>,
): Notice['carries'] {
  const carries: Notice['carries'] = {};
  for (const [name, { value: text, label: id }] of Object.entries(written)) {
    const label = useText(draft, id, source.at([...path, name, 'label']));
    if (!world.whole) continue;
    const value = expressionAt(source, [...path, name, 'value'], text, { types }, draft.findings);
    if (value !== undefined) carries[name] = { value, label };
  }
  return carries;
}
