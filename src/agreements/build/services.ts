import { BOOLEAN, type FeelType, listOf, oneOf } from '../../feel/index.ts';
import { type Draft, has, type Read } from '../read/draft.ts';
import { demand, expressionAt } from '../read/expressions.ts';
import type { FormFile, ServiceFile } from '../read/kinds/contract.ts';
import type { Path, Source } from '../read/yaml.ts';
import type { Page, Service, Stage } from '../types.ts';
import { buildActions } from './actions.ts';
import { checkConfirmations, confirmationsOf } from './confirmations.ts';
import { demandArticle, demandRole, demandSameName, demandTransaction } from './contract.ts';
import { buildFields, ownTypes } from './fields.ts';
import { useText } from './texts.ts';
import type { World } from './world.ts';

/** The services: fields, form, deciders, stages. The order of the rules is filled in when they are built. */
export function buildServices(draft: Draft, world: World): Record<string, Service> {
  const built: Record<string, Service> = {};
  for (const [file, read] of draft.services.items) {
    const service = buildOne(draft, world, file, read);
    if (service !== undefined) built[service.name] = service;
  }
  return built;
}

function buildOne(draft: Draft, world: World, file: string, read: Read<ServiceFile>): Service | undefined {
  const { raw, source } = read;
  const { findings } = draft;
  const text = (id: string, ...path: (string | number)[]): string => useText(draft, id, source.at(path));
  demandSameName(draft, file, raw.service, source, 'service');
  demandRole(draft, raw.decidedBy.role, source, ['decidedBy', 'role']);
  checkSilence(draft, raw, source);
  demandTransaction(draft, raw.claim, { operation: 'openCase', of: raw.service }, source, ['claim']);
  raw.evidence.forEach((type, index) => {
    demand(has(draft.evidence, type), 'AGREEMENT_EVIDENCE_UNKNOWN', type, source, ['evidence', index], findings);
  });
  if (raw.document !== undefined) {
    demand(
      has(draft.documents, raw.document),
      'AGREEMENT_DOCUMENT_UNKNOWN',
      raw.document,
      source,
      ['document'],
      findings,
    );
  }

  const fields = buildFields(draft, world, read);
  const states: FeelType = listOf(oneOf(...world.parties));
  const deciders = world.whole
    ? expressionAt(
        source,
        ['decidedBy', 'forEach'],
        raw.decidedBy.forEach,
        { types: { ...ownTypes(world, raw), home: oneOf(...world.parties) }, expect: states },
        findings,
      )
    : undefined;
  const form = demand(has(draft.forms, raw.form), 'AGREEMENT_FORM_UNKNOWN', raw.form, source, ['form'], findings)
    ? buildForm(draft, world, raw, draft.forms.items.get(raw.form))
    : undefined;
  demandUnique(draft, raw.stages, source, ['stages']);
  const stages = raw.stages.map((stage, index): Stage => {
    const path = ['stages', index];
    const title = text(stage.title, ...path, 'title');
    const names = raw.stages.map(({ name }) => name);
    checkConfirmations(draft, stage.verb, stage.confirmations, names, source, path);
    const { confirmations, sends: _notice, requests: _opinion, ...rest } = stage;
    return {
      ...rest,
      title,
      ...(confirmations === undefined ? {} : { confirmations: confirmationsOf(confirmations) }),
    };
  });
  if (raw.appliesFor !== undefined && raw.byMandate !== undefined)
    draft.findings.add('AGREEMENT_MANDATE_SHAPE', { service: raw.service }, source.at(['byMandate']));
  const titles = { title: text(raw.title, 'title'), summary: text(raw.summary, 'summary') };
  if (deciders === undefined || form === undefined) return undefined;
  return {
    name: raw.service,
    ...titles,
    events: raw.events ?? [],
    ...(raw.appliesFor === undefined ? {} : { appliesFor: raw.appliesFor }),
    ...(raw.byMandate === undefined ? {} : { byMandate: raw.byMandate }),
    decidedBy: { ...raw.decidedBy, forEach: deciders },
    fields,
    form,
    evidence: raw.evidence,
    claim: raw.claim,
    stages,
    deadline: raw.deadline,
    actions: buildActions(draft, raw, source),
    decision: { ...raw.decision, values: raw.decision.values ?? [], order: [] },
    ...(raw.document === undefined ? {} : { document: raw.document }),
    disclosure: raw.disclosure,
  };
}

function buildForm(draft: Draft, world: World, raw: ServiceFile, form: Read<FormFile> | undefined): Page[] | undefined {
  if (form === undefined) return undefined;
  const { source, raw: written } = form;
  const text = (id: string, ...path: (string | number)[]): string => useText(draft, id, source.at(path));
  demandSameName(draft, raw.form, written.form, source, 'form');
  demandUnique(draft, written.pages, source, ['pages']);
  const types = { ...ownTypes(world, raw), ...world.form };
  return written.pages.map((page, index): Page => {
    const path: Path = ['pages', index];
    page.fields.forEach((name, place) => {
      const known = Object.hasOwn(raw.fields, name);
      demand(known, 'AGREEMENT_FIELD_UNKNOWN', name, source, [...path, 'fields', place], draft.findings);
    });
    const wanted = { types, expect: BOOLEAN };
    const when =
      page.when === undefined || !world.whole
        ? undefined
        : expressionAt(source, [...path, 'when'], page.when, wanted, draft.findings);
    return {
      name: page.name,
      title: text(page.title, ...path, 'title'),
      ...(page.lead === undefined ? {} : { lead: text(page.lead, ...path, 'lead') }),
      fields: page.fields,
      ...(when === undefined ? {} : { when }),
    };
  });
}

/** No two things of a list bear one name. */
function demandUnique(draft: Draft, list: readonly { name: string }[], source: Source, path: Path): void {
  for (const [index, { name }] of list.entries()) {
    if (list.findIndex((other) => other.name === name) === index) continue;
    draft.findings.add('AGREEMENT_NAME_TAKEN', { name, other: 'an earlier one' }, source.at([...path, index, 'name']));
  }
}

/** Working days are counted one by one: months and hours are none. Finding: AGREEMENT_WRONG_VALUE */
export function checkWorkingDays(
  draft: Draft,
  { decide, days }: { decide: string; days?: 'working' },
  source: Source,
  path: Path,
): void {
  if (days !== 'working' || /^P[0-9]{1,4}D$/.test(decide)) return;
  const reason = 'working days are counted in days alone, such as P15D';
  draft.findings.add('AGREEMENT_WRONG_VALUE', { reason }, source.at([...path, 'decide']));
}

/** Where silence decides, an article says so, and there is an officer who can be silent. Finding: AGREEMENT_SILENCE */
function checkSilence(draft: Draft, { service, deadline, stages }: ServiceFile, source: Source): void {
  const { silence, article } = deadline;
  checkWorkingDays(draft, deadline, source, ['deadline']);
  const wrong = (reason: string): void =>
    draft.findings.add('AGREEMENT_SILENCE', { service, silence, reason }, source.at(['deadline']));
  if (article !== undefined) demandArticle(draft, article, source, ['deadline', 'article']);
  if (silence === 'escalate') {
    if (article !== undefined) wrong('an escalation decides nothing that would need an article');
    return;
  }
  if (article === undefined) wrong('no article says that silence decides');
  if (!stages.some(({ verb }) => verb === 'confirm')) wrong('no officer is waited for, so that nobody can be silent');
}
