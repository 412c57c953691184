import type { Json } from '../../storage/index.ts';
import type { EvidenceType, Ground } from '../types.ts';
import { roleName } from './exchange.tsx';
import { ArticleName, Facts, Grid, Line } from './ink.tsx';
import type { Sheet } from './sheet.ts';
import { elementOf, entryOf, type Known, wordOf } from './wording/known.ts';
import { statesWords } from './wording/rule-words.ts';

/** Every kind of evidence: who signs it, why it may be asked, and its facts one by one. */
export const EvidenceStructures = ({ sheet }: { sheet: Sheet }) => (
  <>
    {Object.values(sheet.agreement.evidence).map((evidence) => (
      <Structure key={evidence.type} sheet={sheet} evidence={evidence} />
    ))}
  </>
);

function Structure({ sheet, evidence }: { sheet: Sheet; evidence: EvidenceType }) {
  const { say, text, find, duration, book } = sheet;
  const title = text(evidence.title);
  return (
    <article>
      <h3>{title}</h3>
      <p>{text(evidence.summary)}</p>
      <Facts
        rows={[
          [say('regulation.servedBy'), roleName(sheet, evidence.servedBy)],
          [say('regulation.askedOf'), <Line key="from" phrase={statesWords(book, evidence.from.source)} />],
          [say('regulation.purpose'), find(`common.purpose.${evidence.purpose}`) ?? evidence.purpose],
          [say('regulation.ground'), <GroundWords key="ground" sheet={sheet} ground={evidence.ground} />],
          [say('regulation.maxAge'), duration(evidence.maxAge)],
          [say('regulation.code'), <code key="code">{evidence.transaction}</code>],
        ]}
      />
      <Grid
        sheet={sheet}
        name={title}
        rows={factsOf(evidence, sheet)}
        columns={[
          {
            head: say('regulation.field'),
            cell: ({ label, depth }) => <span class={`depth-${Math.min(depth, 3)}`}>{label}</span>,
          },
          { head: say('regulation.type'), cell: ({ type }) => type },
          {
            head: say('regulation.required'),
            narrow: true,
            cell: ({ required }) => say(`regulation.signature.${required ? 'yes' : 'no'}`),
          },
          { head: say('regulation.name'), cell: ({ path }) => <code>{path}</code> },
        ]}
      />
    </article>
  );
}

function GroundWords({ sheet, ground }: { sheet: Sheet; ground: Ground }) {
  const { agreement, say, text } = sheet;
  const field = Object.values(agreement.services).flatMap(({ fields }) => fields[ground.field ?? ''] ?? [])[0];
  const kind =
    ground.kind === 'consent'
      ? say('regulation.ground.consent', { field: field === undefined ? '' : text(field.text) })
      : say('regulation.ground.law');
  return (
    <>
      {kind}: <ArticleName sheet={sheet} id={ground.article} />
    </>
  );
}

interface FactRow {
  path: string;
  label: string;
  type: string;
  required: boolean;
  depth: number;
}

type Schema = { [key: string]: Json };

const isSchema = (json: Json | undefined): json is Schema =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** The facts of a schema in the order in which people see them, those of inner records below them. */
function factsOf(evidence: EvidenceType, sheet: Sheet): FactRow[] {
  const rows: FactRow[] = [];
  const visit = (schema: Json | undefined, known: Known, path: string, depth: number): void => {
    if (!isSchema(schema)) return;
    if (isSchema(schema.items)) visit(schema.items, elementOf(known), path, depth);
    if (!isSchema(schema.properties)) return;
    const required = Array.isArray(schema.required) ? schema.required : [];
    for (const [name, inner] of Object.entries(schema.properties)) {
      const at = path === '' ? name : `${path}.${name}`;
      const label = evidence.labels[at];
      const entry = entryOf(known, name);
      rows.push({
        ...{ path: at, depth },
        label: label === undefined ? name : sheet.text(label),
        type: typeWords(inner, entry, sheet),
        required: required.includes(name),
      });
      visit(inner, entry, at, depth + 1);
    }
  };
  visit(evidence.schema, { type: evidence.feelType, facts: { evidence, path: '' } }, '', 0);
  return rows;
}

/** The type that a JSON Schema gives, in words. */
function typeWords(schema: Json | undefined, known: Known, sheet: Sheet): string {
  const { say, book } = sheet;
  if (!isSchema(schema)) return '';
  const { type, enum: values, maxLength, maxItems, format } = schema;
  if (Array.isArray(type)) {
    const [only] = type.filter((one) => one !== 'null');
    const words = typeWords({ ...schema, type: only ?? 'string' }, known, sheet);
    return say('regulation.type.orNone', { type: words });
  }
  if (Array.isArray(values)) {
    const texts = values.filter((value) => typeof value === 'string');
    return say('regulation.type.oneOf', {
      values: texts.map((value) => wordOf(known, value, book) ?? value).join(', '),
    });
  }
  switch (type) {
    case 'object':
      return say('regulation.type.record');
    case 'array':
      return typeof maxItems === 'number'
        ? say('regulation.type.listTo', { count: maxItems })
        : say('regulation.type.list');
    case 'boolean':
      return say('regulation.type.yesNo');
    case 'number':
    case 'integer':
      return say('regulation.type.number');
    default:
      if (format === 'date') return say('regulation.type.date');
      if (format === 'date-time') return say('regulation.type.dateTime');
      return typeof maxLength === 'number'
        ? say('regulation.type.textTo', { count: maxLength })
        : say('regulation.type.text');
  }
}
