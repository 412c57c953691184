import type { Json } from '../../storage/index.ts';
import type { Findings } from '../findings.ts';
import type { Position } from '../types.ts';
import type { AgreementFiles } from './folder.ts';
import { AgreementFile, DocumentFile, EvidenceFile, FormFile, ServiceFile } from './kinds/contract.ts';
import { ApprovalsFile, MigrationFile } from './kinds/publishing.ts';
import { AnnexFile, RulesFile } from './kinds/rules.ts';
import { MockFile, ScenariosFile, TextsFile } from './kinds/scenarios.ts';
import { shaped } from './shape.ts';
import { readYaml, type Source } from './yaml.ts';

/** One file whose shape is right. */
export interface Read<T> {
  raw: T;
  source: Source;
}

/** The files of one kind, by the name of the file. */
export interface Shelf<T> {
  items: Map<string, Read<T>>;
  /** Files that are there but could not be read: what refers to them is not reported as well. */
  broken: Set<string>;
}

/** All files of an agreement, each by itself in order; how they fit together is the next step. */
export interface Draft {
  findings: Findings;
  contract: Read<AgreementFile> | undefined;
  services: Shelf<ServiceFile>;
  evidence: Shelf<EvidenceFile>;
  forms: Shelf<FormFile>;
  rules: Shelf<RulesFile>;
  documents: Shelf<DocumentFile>;
  annexes: Shelf<AnnexFile>;
  texts: Shelf<TextsFile>;
  scenarios: Shelf<ScenariosFile>;
  migrations: Shelf<MigrationFile>;
  /** `texts/approvals.yaml`, under its only name. */
  approvals: Shelf<ApprovalsFile>;
  mocks: Shelf<MockFile>;
  /** Path -> content, of the files that could be read. */
  values: Map<string, Json>;
  /** Text id -> where it is used first. */
  usedTexts: Map<string, Position>;
}

const emptyShelf = <T>(): Shelf<T> => ({ items: new Map(), broken: new Set() });

/**
 * Reads every file as its place says, and collects what is wrong with each.
 * @param refused files that are there but were not read
 */
export function readDraft(files: AgreementFiles, findings: Findings, refused: readonly string[] = []): Draft {
  const draft: Draft = {
    findings,
    contract: undefined,
    services: emptyShelf(),
    evidence: emptyShelf(),
    forms: emptyShelf(),
    rules: emptyShelf(),
    documents: emptyShelf(),
    annexes: emptyShelf(),
    texts: emptyShelf(),
    scenarios: emptyShelf(),
    migrations: emptyShelf(),
    approvals: emptyShelf(),
    mocks: emptyShelf(),
    values: new Map(),
    usedTexts: new Map(),
  };
  if (!files.has('agreement.yaml') && !refused.includes('agreement.yaml')) {
    findings.add('AGREEMENT_FILE_MISSING', { path: 'agreement.yaml' }, { file: 'agreement.yaml', line: 1, column: 1 });
  }
  const all: (readonly [path: string, bytes: Uint8Array | undefined])[] = [
    ...files,
    ...refused.map((path) => [path, undefined] as const),
  ];
  for (const [path, bytes] of all) {
    const source = bytes === undefined ? undefined : readYaml(path, bytes, findings);
    if (source !== undefined) draft.values.set(path, source.value);
    const [folder = '', second = ''] = path.split('/');
    const name = folder === 'annexes' ? second : second.replace(/\.yaml$/, '');
    const put = <T>(shelf: Shelf<T>, read: Read<T> | undefined): void => {
      if (read === undefined) shelf.broken.add(name);
      else shelf.items.set(name, read);
    };
    switch (folder) {
      case 'agreement.yaml':
        draft.contract = shaped(AgreementFile, source, findings);
        break;
      case 'services':
        put(draft.services, shaped(ServiceFile, source, findings));
        break;
      case 'evidence':
        put(draft.evidence, shaped(EvidenceFile, source, findings));
        break;
      case 'forms':
        put(draft.forms, shaped(FormFile, source, findings));
        break;
      case 'rules':
        put(draft.rules, shaped(RulesFile, source, findings));
        break;
      case 'documents':
        put(draft.documents, shaped(DocumentFile, source, findings));
        break;
      case 'annexes':
        put(draft.annexes, shaped(AnnexFile, source, findings));
        break;
      case 'texts':
        if (name === 'approvals') put(draft.approvals, shaped(ApprovalsFile, source, findings));
        else put(draft.texts, shaped(TextsFile, source, findings));
        break;
      case 'migrations':
        put(draft.migrations, shaped(MigrationFile, source, findings));
        break;
      case 'mocks':
        put(draft.mocks, shaped(MockFile, source, findings));
        break;
      default:
        put(draft.scenarios, shaped(ScenariosFile, source, findings));
    }
  }
  return draft;
}

/** Whether a name leads to a file, readable or not. */
export function has<T>(shelf: Shelf<T>, name: string): boolean {
  return shelf.items.has(name) || shelf.broken.has(name);
}
