import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { root } from './union.ts';

/** The shipped pension agreement in a folder of its own, to be changed as a designer would. */
export interface ChangedAgreement {
  folder: string;
  /** Changes one file. */
  edit(file: string, change: (document: Document) => void): void;
  /** Asks a new yes-or-no question on the last page; every scenario and mock answers it. */
  addQuestion(name: string): void;
}

/** Copies the shipped agreement. */
export function changedPension(folder: string): ChangedAgreement {
  cpSync(join(root, 'agreements', 'pension'), folder, { recursive: true });
  const edit: ChangedAgreement['edit'] = (file, change) => {
    const path = join(folder, file);
    const document = parseDocument(readFileSync(path, 'utf8'));
    change(document);
    writeFileSync(path, document.toString({ lineWidth: 0 }));
  };
  return {
    folder,
    edit,
    addQuestion(name) {
      edit('services/pension.yaml', (file) => file.setIn(['fields', name], { type: 'yesNo', text: `field.${name}` }));
      edit('forms/pension.yaml', (file) => {
        const last = (file.toJS() as { pages: unknown[] }).pages.length - 1;
        file.addIn(['pages', last, 'fields'], name);
      });
      for (const text of readdirSync(join(folder, 'texts')).filter((one) => /^[a-z]{2}\.yaml$/.test(one))) {
        edit(`texts/${text}`, (file) => file.set(`field.${name}`, 'May we call you?'));
      }
      for (const scenarios of readdirSync(join(folder, 'scenarios'))) {
        edit(`scenarios/${scenarios}`, (file) => {
          const names = Object.keys((file.toJS() as { scenarios: object }).scenarios);
          for (const one of names) file.setIn(['scenarios', one, 'given', 'answers', name], true);
        });
      }
      for (const mock of readdirSync(join(folder, 'mocks'))) {
        edit(`mocks/${mock}`, (file) => {
          if (file.get('service') === 'pension') file.setIn(['answers', name], true);
        });
      }
    },
  };
}
