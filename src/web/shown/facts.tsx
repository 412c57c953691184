import type { Agreement, EvidenceType } from '../../agreements/index.ts';
import type { Json } from '../../storage/index.ts';
import { SummaryList, Table, type View } from '../ui/index.ts';
import { textOf } from './agreement-words.ts';
import { valueWords } from './values.ts';

interface FactsProps {
  view: View;
  agreement: Agreement;
  type: EvidenceType;
  facts: Json;
  /** Whose evidence it is. */
  state: string;
}

/** What an authority signed: single facts as a list, repeated ones (periods of work) as a table. */
export function Facts({ view, agreement, type, facts, state }: FactsProps) {
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts)) return <p>{valueWords(view, facts)}</p>;
  const labels = Object.entries(type.labels);
  const lists = Object.entries(facts).filter(([, value]) => isTable(value));
  const single = labels.filter(
    ([path]) => !path.includes('.') && path in facts && !lists.some(([name]) => name === path),
  );
  return (
    <>
      {single.length === 0 ? null : (
        <SummaryList
          tight
          rows={single.map(([path, label]) => ({
            key: textOf(view, agreement, label),
            value: factWords({ view, agreement, type }, path, facts[path]),
          }))}
        />
      )}
      {lists.map(([name, value]) => (
        <FactTable key={name} {...{ view, agreement, type, name, state }} rows={value as Record<string, Json>[]} />
      ))}
    </>
  );
}

type FactOf = Pick<FactsProps, 'view' | 'agreement' | 'type'>;

/** A fact as words: the agreement's own for a value of an `enum`, else those of every value. */
function factWords({ view, agreement, type }: FactOf, path: string, value: Json | undefined): string {
  const words = type.words[path] ?? {};
  if (Array.isArray(value) && path in type.words)
    return view.list(value.map((one) => factWords({ view, agreement, type }, path, one)));
  const id = typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;
  return id === undefined ? valueWords(view, value) : textOf(view, agreement, id);
}

const isTable = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && !Array.isArray(item));

function FactTable({
  view,
  agreement,
  type,
  name,
  state,
  rows,
}: Omit<FactsProps, 'facts'> & { name: string; rows: Record<string, Json>[] }) {
  const columns = Object.entries(type.labels).flatMap(([path, label]) =>
    path.startsWith(`${name}.`) ? [{ key: path.slice(name.length + 1), title: textOf(view, agreement, label) }] : [],
  );
  // A column that says on every line what the card says already is noise.
  const shown = columns.filter(({ key }) => key !== 'state' || rows.some((row) => row.state !== state));
  const caption = textOf(view, agreement, type.labels[name] ?? type.title);
  if (rows.length === 0) return <p>{`${caption}: ${view.say('common.empty')}`}</p>;
  return (
    <Table
      caption={caption}
      about={view.stateName(state)}
      columns={shown.map(({ title }) => ({ title }))}
      rows={rows.map((row) => shown.map(({ key }) => cellOf({ view, agreement, type }, name, key, row[key])))}
    />
  );
}

/** Days short and unbroken; an end that is not there is a period that goes on. */
function cellOf(of: FactOf, name: string, key: string, value: Json | undefined) {
  const { view } = of;
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) {
    return <span class="cw-nowrap">{view.shortDate(value)}</span>;
  }
  if (key === 'to' && (value === null || value === undefined)) return view.say('common.ongoing');
  return factWords(of, `${name}.${key}`, value);
}
