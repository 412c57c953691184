import type { TSchema } from 'typebox';
import { AgreementFile, DocumentFile, EvidenceFile, FormFile, ServiceFile } from './kinds/contract.ts';
import { ApprovalsFile, MigrationFile } from './kinds/publishing.ts';
import { AnnexFile, RulesFile } from './kinds/rules.ts';
import { MockFile, ScenariosFile, TextsFile } from './kinds/scenarios.ts';

/** A kind of file: where such files stand, what they say, and the schema that the reader itself holds them against. */
interface FileKind {
  files: string;
  says: string;
  schema: TSchema;
}

/** Every kind of file of an agreement. */
export const FILE_KINDS = {
  agreement: {
    files: 'agreement.yaml',
    says: 'name, parties, articles, roles and transactions of an agreement',
    schema: AgreementFile,
  },
  service: {
    files: 'services/*.yaml',
    says: 'what a person applies for: fields, evidence, who decides, stages, deadline, decision',
    schema: ServiceFile,
  },
  form: { files: 'forms/*.yaml', says: 'the pages that ask the fields of a service', schema: FormFile },
  evidence: {
    files: 'evidence/*.yaml',
    says: 'signed facts: their schema, who serves them, on which ground',
    schema: EvidenceFile,
  },
  rules: { files: 'rules/*.yaml', says: 'named rules and tables with articles and dates', schema: RulesFile },
  annex: {
    files: 'annexes/*/annex.yaml',
    says: 'what one state adds: agencies, national rules, officers',
    schema: AnnexFile,
  },
  document: { files: 'documents/*.yaml', says: 'a credential and its printed page', schema: DocumentFile },
  texts: { files: 'texts/*.yaml', says: 'every sentence in one language', schema: TextsFile },
  approvals: {
    files: 'texts/approvals.yaml',
    says: 'who stands by the texts of which language',
    schema: ApprovalsFile,
  },
  mock: { files: 'mocks/*.yaml', says: 'canned answers and evidence for a preview', schema: MockFile },
  scenarios: { files: 'scenarios/*.yaml', says: 'given facts, and what must come out', schema: ScenariosFile },
  migration: {
    files: 'migrations/*.yaml',
    says: 'how answers of drafts come from one contract to the next',
    schema: MigrationFile,
  },
} as const satisfies Record<string, FileKind>;

export type FileKindName = keyof typeof FILE_KINDS;
