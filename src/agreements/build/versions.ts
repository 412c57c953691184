import type { Compiled, FeelType } from '../../feel/index.ts';
import type { PlainDate } from '../../storage/index.ts';
import type { Draft } from '../read/draft.ts';
import { expressionAt, tableAt } from '../read/expressions.ts';
import type { VersionShape } from '../read/kinds/rules.ts';
import type { Path, Source } from '../read/yaml.ts';
import type { RuleVersion } from '../types.ts';
import { demandArticle } from './contract.ts';

/** The versions of one rule where they are written. */
export interface WrittenVersions {
  name: string;
  versions: readonly VersionShape[];
  source: Source;
  path: Path;
}

/**
 * Compiles the versions of a rule; all give the type of the first, when none is wanted.
 * @returns undefined when any version has a fault
 */
export function buildVersions(
  draft: Draft,
  { name, versions, source, path }: WrittenVersions,
  wanted: { types: Readonly<Record<string, FeelType>>; expect?: FeelType },
): { versions: RuleVersion[]; type: FeelType } | undefined {
  const built: RuleVersion[] = [];
  let expect = wanted.expect;
  let sound = true;
  for (const [index, version] of versions.entries()) {
    const compiled = compileVersion(draft, name, version, source, [...path, index], {
      types: wanted.types,
      ...(expect === undefined ? {} : { expect }),
    });
    if (compiled === undefined) {
      sound = false;
      continue;
    }
    expect ??= compiled.type;
    const { from, until, article, source: origin } = version;
    built.push({
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(article === undefined ? {} : { article }),
      ...(origin === undefined ? {} : { source: origin }),
      expression: compiled,
      text: version.value ?? JSON.stringify(version.table),
      table: version.table !== undefined,
      rows: Object.keys(version.table?.rows ?? {}).map((row) => ({
        name: row,
        at: source.at([...path, index, 'table', 'rows', row], true),
      })),
      at: source.at([...path, index]),
    });
  }
  return sound && expect !== undefined ? { versions: built, type: expect } : undefined;
}

function compileVersion(
  draft: Draft,
  name: string,
  version: VersionShape,
  source: Source,
  path: Path,
  wanted: { types: Readonly<Record<string, FeelType>>; expect?: FeelType },
): Compiled | undefined {
  const { findings } = draft;
  if ((version.value === undefined) === (version.table === undefined)) {
    findings.add('AGREEMENT_RULE_SHAPE', { name, reason: 'a version has either a value or a table' }, source.at(path));
    return undefined;
  }
  if (version.value !== undefined) {
    return expressionAt(source, [...path, 'value'], version.value, wanted, findings)?.compiled;
  }
  return version.table === undefined
    ? undefined
    : tableAt(source, [...path, 'table'], name, version.table, wanted, findings);
}

/** What can be said of versions without compiling them: their dates follow each other, their articles exist. */
export function checkVersions(draft: Draft, { name, versions, source, path }: WrittenVersions): void {
  const { findings } = draft;
  let end: PlainDate | undefined;
  for (const [index, version] of versions.entries()) {
    const at = source.at([...path, index]);
    if (version.article !== undefined) demandArticle(draft, version.article, source, [...path, index, 'article']);
    for (const [row, { article }] of Object.entries(version.table?.rows ?? {})) {
      if (article !== undefined)
        demandArticle(draft, article, source, [...path, index, 'table', 'rows', row, 'article']);
    }
    if (version.from !== undefined && version.until !== undefined && version.until < version.from) {
      findings.add('AGREEMENT_RULE_SHAPE', { name, reason: 'a version ends before it begins' }, at);
    }
    if (index > 0) {
      const begins = version.from ?? '0000-01-01';
      const expected = end === undefined ? undefined : dayAfter(end);
      if (expected === undefined || begins < expected) {
        findings.add('AGREEMENT_VERSIONS_OVERLAP', { name, date: begins }, at);
      } else if (begins > expected) {
        findings.add('AGREEMENT_VERSIONS_GAP', { name, date: expected }, at);
      }
    }
    end = version.until;
  }
}

/** The day after a day. */
function dayAfter(date: PlainDate): PlainDate {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}
