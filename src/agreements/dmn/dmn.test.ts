import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compileModel, type FeelValue, parseDate, readModel, toJson } from '../../feel/index.ts';
import { decide } from '../decision/decide.ts';
import { evidenceScope, usableFacts } from '../decision/facts-scope.ts';
import { collectFindings } from '../findings.ts';
import { answerScope } from '../journey/asked.ts';
import { getAgreement } from '../load.ts';
import { RulesFile } from '../read/kinds/rules.ts';
import { shaped } from '../read/shape.ts';
import { readYaml } from '../read/yaml.ts';
import { inCheckout } from '../testing.ts';
import { exportRules } from './export-rules.ts';
import { importRules } from './import-rules.ts';
import { ruleNames } from './rule-names.ts';

/** Imported rules, held against the schema that every file of rules must have. */
function rulesOf(yaml: string): RulesFile {
  const findings = collectFindings();
  const read = shaped(RulesFile, readYaml('rules/imported.yaml', Buffer.from(yaml), findings), findings);
  assert.deepEqual(findings.list(), []);
  assert(read !== undefined);
  return read.raw;
}

const model = (inside: string): string =>
  `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="M" namespace="urn:m">${inside}</definitions>`;

describe('the pension agreement as DMN', async () => {
  const agreement = await getAgreement(inCheckout('agreements', 'pension'));

  for (const state of agreement.parties) {
    test(`decides for ${state} what the agreement decides`, () => {
      const compiled = compileModel(readModel(exportRules(agreement, state)));
      const service = agreement.services.pension;
      assert(service !== undefined);
      let compared = 0;
      for (const { given } of agreement.scenarios) {
        const { home, claim, answers, evidence } = given;
        const made = decide(agreement, { service: 'pension', state, home, answers, evidence, dates: { claim } });
        // Whether evidence is still waited for is not a question of the rules.
        if (made.outcome === 'undecided' || made.dates.entitlement !== claim) continue;
        const day = parseDate(claim);
        const facts: Record<string, FeelValue> = {
          ...answerScope(service, home, answers),
          ...evidenceScope(agreement, usableFacts(agreement, service, evidence)),
          ...{ decider: state, claimDate: day, entitlementDate: day, decisionDate: day },
        };
        const decided = compiled.decide(service.decision.outcome, new Map(Object.entries(facts)));
        assert.equal(toJson(decided), made.outcome, JSON.stringify(given));
        compared++;
      }
      assert(compared > 3, `only ${compared} scenarios`);
    });
  }

  test('is the same rules and functions when it is imported again', () => {
    const { rules, functions = {} } = rulesOf(importRules(exportRules(agreement, 'kg')));
    assert.deepEqual(Object.keys(rules).sort(), Object.keys(agreement.rules).sort());
    for (const [name, rule] of Object.entries(agreement.rules)) {
      const version = (rule.national ? agreement.annexes.kg?.rules[name]?.versions : rule.versions)?.at(-1);
      const again = rules[name]?.versions?.[0];
      if (version?.table) assert.deepEqual(again?.table, JSON.parse(version.text), name);
      else assert.equal(again?.value, version?.text.trim(), name);
    }
    assert.deepEqual(Object.keys(functions).sort(), Object.keys(agreement.functions).sort());
  });

  test('is the law of the day that is asked for', () => {
    const dated = Object.entries(agreement.annexes.ru?.rules ?? {}).filter(([, { versions }]) => versions.length > 1);
    assert.ok(dated.length > 0, 'some rule has versions');
    for (const [name, { versions }] of dated) {
      for (const version of versions) {
        const day = version.from ?? version.until ?? assert.fail();
        const { rules } = rulesOf(importRules(exportRules(agreement, 'ru', day)));
        const again = rules[name]?.versions?.[0];
        if (version.table) assert.deepEqual(again?.table, JSON.parse(version.text), `${name} on ${day}`);
        else assert.equal(again?.value, version.text.trim(), `${name} on ${day}`);
      }
    }
  });

  test('leaves national rules open where no state is named, and refuses a state that is no party', () => {
    const open = readModel(exportRules(agreement)).decisions.find(({ name }) => name === 'retirementAge');
    assert.deepEqual([open?.logic, open?.type], [undefined, 'years and months duration']);
    assert.throws(() => exportRules(agreement, 'xx'), { code: 'AGREEMENT_NO_STATE' });
  });
});

describe('a DMN file becomes rules', () => {
  const text = (source: string): string =>
    `<literalExpression><text>${source.replaceAll('<', '&lt;')}</text></literalExpression>`;

  test('with plain names, in every text that mentions them', () => {
    const needs =
      '<informationRequirement><requiredInput href="#a"/></informationRequirement>' +
      '<knowledgeRequirement><requiredKnowledge href="#c"/></knowledgeRequirement>';
    const xml = model(
      '<inputData id="a" name="Monthly income"><variable name="Monthly income" typeRef="number"/></inputData>' +
        `<decision id="b" name="Is it enough?"><variable name="Is it enough?" typeRef="boolean"/>${needs}${text('Monthly income >= Least income(2)')}</decision>` +
        '<businessKnowledgeModel id="c" name="Least income"><variable name="Least income"/><encapsulatedLogic>' +
        `<formalParameter name="people" typeRef="number"/>${text('people * 100')}</encapsulatedLogic></businessKnowledgeModel>`,
    );
    const yaml = importRules(xml);
    assert.match(yaml, /^# .*\n# {3}monthlyIncome: number\n/);
    const { rules, functions } = rulesOf(yaml);
    assert.equal(functions?.leastIncome?.value, 'function(people: number) people * 100');
    assert.equal(rules.isItEnough?.type, 'boolean');
    assert.equal(rules.isItEnough?.versions?.[0]?.value, 'monthlyIncome >= leastIncome(2)');
  });

  test('a table stays a table, with its policy, values, default and articles', () => {
    const rule = (when: string, gives: string, note: string): string =>
      `<rule><inputEntry><text>${when}</text></inputEntry><outputEntry><text>${gives}</text></outputEntry>` +
      `<annotationEntry><text>${note}</text></annotationEntry></rule>`;
    const needs = '<informationRequirement><requiredInput href="#a"/></informationRequirement>';
    const table =
      '<decisionTable hitPolicy="PRIORITY"><input><inputExpression><text>The age</text></inputExpression></input><output>' +
      '<outputValues><text>"full", "part"</text></outputValues><defaultOutputEntry><text>"none"</text></defaultOutputEntry></output>' +
      `${rule('&gt;= 60', '"full"', 'law-7')}${rule('&gt;= The age - 1', '"part"', 'As in Article 8')}</decisionTable>`;
    const xml = model(
      `<inputData id="a" name="The age"/><decision id="b" name="Kind"><variable name="Kind"/>${needs}${table}</decision>`,
    );
    assert.deepEqual(rulesOf(importRules(xml)).rules.kind?.versions, [
      {
        table: {
          hit: 'priority',
          inputs: ['theAge'],
          values: ['"full"', '"part"'],
          default: '"none"',
          rows: {
            'row-1': { when: ['>= 60'], gives: '"full"', article: 'law-7' },
            'row-2': { when: ['>= theAge - 1'], gives: '"part"' },
          },
        },
      },
    ]);
  });

  test('what has no place in an agreement is refused with its name', () => {
    const java =
      '<businessKnowledgeModel id="c" name="f"><variable name="f"/><encapsulatedLogic kind="Java"/></businessKnowledgeModel>';
    const cases: readonly (readonly [xml: string, code: string])[] = [
      [model('<import name="x" namespace="urn:x" importType="y"/>'), 'DMN_NOT_EXPRESSIBLE'],
      [model(java), 'DMN_NOT_EXPRESSIBLE'],
      [model(`<decision id="b" name="b"><variable name="b"/>${text('1 +')}</decision>`), 'DMN_TEXT'],
      ['<html/>', 'DMN_NOT_A_MODEL'],
    ];
    for (const [xml, code] of cases) assert.throws(() => importRules(xml), { code }, xml);
  });
});

test('names of any model become names that agreements can have, no two alike', () => {
  const nameOf = ruleNames();
  assert.deepEqual(
    ['Monthly Payment', 'PMT', "Teacher's name", 'if', '2nd', 'Возраст', 'monthly payment', 'Monthly Payment'].map(
      nameOf,
    ),
    ['monthlyPayment', 'pmt', 'teachersName', 'if2', 'rule2nd', 'rule', 'monthlyPayment2', 'monthlyPayment'],
  );
  assert.deepEqual(['Constructor', 'To String', 'Date'].map(nameOf), ['constructor2', 'toString2', 'date2']);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 20 }), (names) => {
      const made = names.map(ruleNames());
      assert(
        made.every((name) => /^[a-z][A-Za-z0-9]{0,40}$/.test(name)),
        made.join(),
      );
      assert.equal(new Set(made).size, names.length);
    }),
  );
});
