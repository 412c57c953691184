import { digestOf } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import { buildAnnexes } from './build/annexes.ts';
import { buildContract, demandSameName } from './build/contract.ts';
import { buildDocuments } from './build/documents.ts';
import { buildEvidence } from './build/evidence.ts';
import { buildFunctions } from './build/functions.ts';
import { buildMocks } from './build/mocks.ts';
import { buildNotices } from './build/notices.ts';
import { planDecisions } from './build/plan.ts';
import { buildRules } from './build/rules.ts';
import { buildScenarios } from './build/scenarios.ts';
import { buildServices } from './build/services.ts';
import { checkTexts, checkUnusedTexts, languagesOf, openTexts } from './build/texts.ts';
import { openWorld } from './build/world.ts';
import { checkForms } from './check/forms.ts';
import { checkMocks } from './check/mocks.ts';
import { checkUnused } from './check/unused.ts';
import { collectFindings } from './findings.ts';
import { type Draft, readDraft } from './read/draft.ts';
import { type AgreementFiles, readFolder } from './read/folder.ts';
import type { Agreement, Finding } from './types.ts';

/** What the check needs beside the agreement: the files as they were read, with the place of everything. */
export interface Opened extends Loaded {
  draft?: Draft;
}

/** A loaded agreement, or what is wrong with it; never both. */
export interface Loaded {
  agreement?: Agreement;
  findings: Finding[];
}

/**
 * Loads an agreement from its folder: reads every file, checks everything, compiles every expression. All findings come at once,
 * in the order of files and lines; an agreement with any finding is not given out.
 *
 * @example const { agreement, findings } = await loadAgreement('agreements/pension');
 */
export async function loadAgreement(folder: string): Promise<Loaded> {
  return withoutDraft(openFolder(folder));
}

/** The same, with the files as they were read. */
export function openFolder(folder: string): Opened {
  const findings = collectFindings();
  const { files, refused, whole } = readFolder(folder, findings);
  return whole ? openFiles(files, findings, refused) : { findings: findings.list() };
}

function withoutDraft({ agreement, findings }: Opened): Loaded {
  return agreement === undefined ? { findings } : { agreement, findings };
}

/**
 * An agreement that must be there.
 * @throws Failure AGREEMENT_NOT_LOADED naming the first finding
 */
export async function getAgreement(folder: string): Promise<Agreement> {
  const { agreement, findings } = await loadAgreement(folder);
  if (agreement !== undefined) return agreement;
  const [first] = findings;
  const { code = '', file = '', line = 0 } = first ?? {};
  throw new Failure('AGREEMENT_NOT_LOADED', { folder, count: findings.length, code, file, line });
}

/** Loads an agreement from files that are already in memory. */
export function loadFiles(files: AgreementFiles): Loaded {
  return withoutDraft(openFiles(files));
}

/**
 * The same, with the files as they were read.
 * @param refused files that are there but were not read; each has its finding already
 */
export function openFiles(
  files: AgreementFiles,
  findings = collectFindings(),
  refused: readonly string[] = [],
): Opened {
  const draft = readDraft(files, findings, refused);
  const head = buildContract(draft);
  const world = openWorld(draft);
  const evidence = buildEvidence(draft, world);
  const services = buildServices(draft, world);
  const functions = buildFunctions(draft);
  const built = buildRules(draft, world, functions);
  planDecisions(draft, world, services, built);
  buildNotices(draft, world, services, built);
  const annexes = buildAnnexes(draft, built.national);
  const documents = buildDocuments(draft, world, built);
  const scenarios = buildScenarios(draft, evidence);
  const mocks = buildMocks(draft, services, evidence);
  if (draft.contract !== undefined && head !== undefined) {
    demandFolderNames(draft);
  }

  const agreement: Agreement | undefined = head && {
    ...head,
    evidence,
    services,
    functions,
    rules: built.rules,
    documents,
    annexes,
    scenarios,
    mocks,
    contractDigest: digestOf(Object.fromEntries(contractValues(draft))),
    textsDigest: digestOf(Object.fromEntries(valuesUnder(draft, (path) => path.startsWith('texts/')))),
    languages: languagesOf(draft),
    text: openTexts(draft),
  };
  if (agreement !== undefined && noneBroken(draft)) checkForms(draft, agreement);
  if (agreement !== undefined && findings.count === 0) checkMocks(draft, agreement);
  checkTexts(draft);
  // What is left over can be told only when everything else is right: until then it may be meant by what is wrong.
  if (agreement !== undefined && findings.count === 0) {
    checkUnused(draft, agreement);
    checkUnusedTexts(draft);
  }
  return findings.count === 0 && agreement !== undefined
    ? { agreement, draft, findings: [] }
    : { draft, findings: findings.list() };
}

/** The files that all parties ratify: everything but annexes, texts, scenarios and mocks. */
const contractValues = (draft: Draft): [string, Draft['values'] extends Map<string, infer V> ? V : never][] =>
  valuesUnder(draft, (path) => !/^(annexes|texts|scenarios|mocks)\//.test(path));

function valuesUnder(draft: Draft, wanted: (path: string) => boolean) {
  return [...draft.values].filter(([path]) => wanted(path));
}

function noneBroken(draft: Draft): boolean {
  const { services, evidence, forms, rules, documents, annexes, texts, scenarios, mocks } = draft;
  const shelves = [services, evidence, forms, rules, documents, annexes, texts, scenarios, mocks];
  return draft.contract !== undefined && shelves.every(({ broken }) => broken.size === 0);
}

/** Form and document files carry their own name, as services and evidence do. */
function demandFolderNames(draft: Draft): void {
  for (const [file, { raw, source }] of draft.forms.items) demandSameName(draft, file, raw.form, source, 'form');
}
