import type { Agreement, EvidenceType } from '../../agreements/index.ts';
import type { VerifiedFact } from '../../documents/index.ts';
import type { Json } from '../../storage/index.ts';
import { articleTitle, textOf } from '../shown/agreement-words.ts';
import { claimRows, findDocumentType } from '../shown/document-words.ts';
import { Facts } from '../shown/facts.tsx';
import { Lines } from '../shown/lines.tsx';
import { valueWords } from '../shown/values.ts';
import { SummaryList, type SummaryRow, type View } from '../ui/index.ts';

interface FileFactsProps {
  view: View;
  agreements: readonly Agreement[];
  facts: readonly VerifiedFact[];
}

/**
 * What a file says, in the words of the agreement it was made under where this node has it. The words are the node's: the facts
 * are the file's, and all of them are shown.
 */
export function FileFacts({ view, agreements, facts }: FileFactsProps) {
  const type = facts.find(({ name }) => name === 'type')?.value ?? '';
  const document = findDocumentType(agreements, type);
  const evidence = findEvidenceType(agreements, type);
  const claims = readNamed(facts, 'claim.');
  const signed = readNamed(facts, 'fact.');
  const claimed = document === undefined ? [] : claimRows({ view, ...document }, claims);
  const labelled = document === undefined ? [] : Object.keys(document.type.labels);
  const rest = facts.filter(({ name }) => {
    if (name.startsWith('claim.')) return !labelled.includes(name.slice('claim.'.length));
    return evidence === undefined || !name.startsWith('fact.');
  });
  const state = facts.find(({ name }) => name === 'agency')?.value.split('.')[0] ?? '';
  return (
    <>
      {evidence === undefined ? null : <Facts view={view} {...evidence} facts={signed} state={state} />}
      <SummaryList
        rows={[
          ...claimed.map(({ label, value }) => ({ key: label, value: <Lines text={value} /> })),
          ...rest.map((fact) => rowOf(view, agreements, fact)),
        ]}
      />
    </>
  );
}

function findEvidenceType(
  agreements: readonly Agreement[],
  name: string,
): { agreement: Agreement; type: EvidenceType } | undefined {
  for (const agreement of agreements) {
    const type = Object.hasOwn(agreement.evidence, name) ? agreement.evidence[name] : undefined;
    if (type !== undefined) return { agreement, type };
  }
  return undefined;
}

/** The facts of a kind, by their names; those that are no plain text were written as JSON. */
function readNamed(facts: readonly VerifiedFact[], prefix: string): Record<string, Json> {
  const named = facts.filter(({ name }) => name.startsWith(prefix));
  return Object.fromEntries(named.map(({ name, value }) => [name.slice(prefix.length), readValue(value)]));
}

function readValue(value: string): Json {
  if (!/^(?:[[{"]|-?\d+(?:\.\d+)?$|true$|false$|null$)/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

function rowOf(view: View, agreements: readonly Agreement[], { name, value }: VerifiedFact): SummaryRow {
  const key = view.find(`verify.fact.${name}`) ?? name.replace(/^(claim|fact)\./, '');
  return { key, value: factWords(view, agreements, name, value) };
}

function factWords(view: View, agreements: readonly Agreement[], name: string, value: string): string {
  switch (name) {
    case 'agency':
      return view.agencyName(value);
    case 'demo':
      return view.say('common.yes');
    case 'result':
      return view.find(`common.evidence.${value}`) ?? value;
    case 'purpose':
      return view.find(`common.purpose.${value.split('.').at(-1)}`) ?? value;
    case 'ground': {
      const agreement = agreements.find(({ articles }) => Object.hasOwn(articles, value));
      return agreement === undefined ? value : articleTitle(view, agreement, value);
    }
    case 'type':
      return typeWords(view, agreements, value);
    default:
      return valueWords(view, readValue(value));
  }
}

function typeWords(view: View, agreements: readonly Agreement[], name: string): string {
  const known = findDocumentType(agreements, name) ?? findEvidenceType(agreements, name);
  return known === undefined ? name : textOf(view, known.agreement, known.type.title);
}
