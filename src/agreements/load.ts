import { digestOf } from '../crypto/index.ts';
import { Failure } from '../storage/index.ts';
import { type Budget, newBudget } from './budget.ts';
import { buildAnnexes } from './build/annexes.ts';
import { buildContract, demandSameName } from './build/contract.ts';
import { buildDocuments } from './build/documents.ts';
import { buildEvidence } from './build/evidence.ts';
import { buildFunctions } from './build/functions.ts';
import { buildMocks } from './build/mocks.ts';
import { buildNotices } from './build/notices.ts';
import { buildOpinions } from './build/opinions.ts';
import { planDecisions } from './build/plan.ts';
import { buildApprovals, buildMigrations } from './build/publishing.ts';
import { buildRules } from './build/rules.ts';
import { buildScenarios } from './build/scenarios.ts';
import { buildServices } from './build/services.ts';
import { checkTexts, checkUnusedTexts, languagesOf, messagesOf, openTexts } from './build/texts.ts';
import { openWorld } from './build/world.ts';
import { checkForms } from './check/forms.ts';
import { checkMocks } from './check/mocks.ts';
import { checkUnused } from './check/unused.ts';
import { collectFindings, type Findings } from './findings.ts';
import { LIMITS } from './limits.ts';
import { admitFiles } from './read/admit.ts';
import { type Draft, readDraft } from './read/draft.ts';
import { type AgreementFiles, readFolder } from './read/folder.ts';
import type { Agreement, Finding } from './types.ts';

/** What the check needs beside the agreement. */
export interface Opened extends Loaded {
  draft?: Draft;
  /** What is left of the steps that a check may take. */
  budget?: Budget;
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

/**
 * Loads an agreement from files that are already in memory. Published versions are read by it for as long as anything is pinned to them: a
 * check that old ones need not pass belongs into `check/`, not here.
 */
export function loadFiles(files: AgreementFiles): Loaded {
  return withoutDraft(openGiven(files));
}

/** The same, with the files as they were read. Nobody has looked at their places and sizes yet. */
export function openGiven(given: AgreementFiles): Opened {
  const findings = collectFindings();
  const { files, refused, whole } = admitFiles(given, findings);
  return whole ? openFiles(files, findings, refused) : { findings: findings.list() };
}

/** @param refused files that are there but were not read; each has its finding already */
function openFiles(files: AgreementFiles, findings: Findings, refused: readonly string[]): Opened {
  const draft = readDraft(files, findings, refused);
  const head = buildContract(draft);
  const world = openWorld(draft);
  const evidence = buildEvidence(draft, world);
  const services = buildServices(draft, world);
  const functions = buildFunctions(draft);
  const built = buildRules(draft, world, functions);
  planDecisions(draft, world, services, built);
  buildNotices(draft, world, services, built);
  buildOpinions(draft, world, services, built);
  const annexes = buildAnnexes(draft, built.national);
  const documents = buildDocuments(draft, world, built);
  const scenarios = buildScenarios(draft, evidence);
  const mocks = buildMocks(draft, services, evidence);
  if (draft.contract !== undefined && head !== undefined) {
    demandFolderNames(draft);
  }

  const contractDigest = digestOf(Object.fromEntries(contractValues(draft)));
  const migrations = buildMigrations(draft, services, contractDigest);
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
    contractDigest,
    textsDigest: digestOf(Object.fromEntries(valuesUnder(draft, (path) => path.startsWith('texts/')))),
    approvals: buildApprovals(draft),
    migrations,
    languages: languagesOf(draft),
    messages: messagesOf(draft),
    text: openTexts(draft),
  };
  const budget = newBudget(LIMITS.steps);
  if (agreement !== undefined && noneBroken(draft)) checkForms(draft, agreement, budget);
  demandWithin(budget, findings);
  if (agreement !== undefined && findings.count === 0) checkMocks(draft, agreement);
  checkTexts(draft);
  // What is left over can be told only when everything else is right: until then it may be meant by what is wrong.
  if (agreement !== undefined && findings.count === 0) {
    checkUnused(draft, agreement);
    checkUnusedTexts(draft);
  }
  return findings.count === 0 && agreement !== undefined
    ? { agreement, draft, budget, findings: [] }
    : { draft, findings: findings.list() };
}

/** What takes too long to check is not checked, and so refused. */
export function demandWithin(budget: Budget, findings: Findings): void {
  if (budget.left >= 0) return;
  const at = { file: 'agreement.yaml', line: 1, column: 1 };
  findings.add('AGREEMENT_TOO_COSTLY', { limit: LIMITS.steps }, at);
}

/** The files that all parties ratify: everything but annexes, texts, scenarios, mocks and the ways from earlier contracts to this one. */
const contractValues = (draft: Draft): [string, Draft['values'] extends Map<string, infer V> ? V : never][] =>
  valuesUnder(draft, (path) => !/^(annexes|texts|scenarios|mocks|migrations)\//.test(path));

function valuesUnder(draft: Draft, wanted: (path: string) => boolean) {
  return [...draft.values].filter(([path]) => wanted(path));
}

function noneBroken(draft: Draft): boolean {
  const { services, evidence, forms, rules, documents, annexes, texts, scenarios, mocks, migrations, approvals } =
    draft;
  const shelves = [
    services,
    evidence,
    forms,
    rules,
    documents,
    annexes,
    texts,
    scenarios,
    mocks,
    migrations,
    approvals,
  ];
  return draft.contract !== undefined && shelves.every(({ broken }) => broken.size === 0);
}

/** Form and document files carry their own name, as services and evidence do. */
function demandFolderNames(draft: Draft): void {
  for (const [file, { raw, source }] of draft.forms.items) demandSameName(draft, file, raw.form, source, 'form');
}
