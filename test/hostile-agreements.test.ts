// Agreements from an enemy. Each is checked by the program as shipped, in a process of its own: with a small heap, with its memory
// measured, and under a runtime that lets it read the program and the folder and nothing else.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';

const ROOT = process.env.COMMONWAY_ROOT ?? process.cwd();
const PROGRAM = process.env.COMMONWAY_PROGRAM ?? '';
const GOOD = join(ROOT, 'src', 'agreements', 'fixtures', 'good');

/** Megabytes of objects that the check may hold at once; more ends the process. */
const HEAP = 256;
/** Kilobytes over what the check of a lawful agreement takes. */
const MORE_MEMORY = 320 * 1024;
/** A check that does not end is killed, and the test fails for want of an answer. */
const PATIENCE = 90_000;

/** Tells the most memory that the process ever held, when it ends. */
const MEASURE = `data:text/javascript,process.on('exit', () => process.stderr.write('\\nmemory ' + process.resourceUsage().maxRSS + '\\n'))`;

const PROGRAM_FOLDER = dirname(PROGRAM);
/** Stands in the environment of every process, and must never come out of one. */
const SECRET = 'a-word-that-nobody-says';

let home = '';
let lawful = 0;

interface Ended {
  code: number | null;
  out: string;
  err: string;
  kilobytes: number;
}

interface Verdict {
  code: number | null;
  codes: string[];
  files: string[];
  kilobytes: number;
}

/**
 * What a process of the program says that may read the program and some folders, and may not write, start a process, reach a network,
 * or make code of a text.
 */
async function confined(words: readonly string[], readable: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${HEAP}`,
      '--disable-warning=ExperimentalWarning',
      '--disallow-code-generation-from-strings',
      '--permission',
      ...[PROGRAM_FOLDER, join(ROOT, 'node_modules'), ...readable].map((folder) => `--allow-fs-read=${folder}/*`),
      `--allow-fs-read=${join(ROOT, 'package.json')}`,
      `--import=${MEASURE}`,
      join(PROGRAM_FOLDER, 'program.js'),
      ...words,
    ],
    { timeout: PATIENCE, killSignal: 'SIGKILL', env: { COMMONWAY_HOME: home, SECRET } },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  child.stdin.end(input);
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  assert.equal(signal, null, `the process was ended by ${signal}`);
  const kilobytes = Number(/memory (\d+)/.exec(err)?.[1]);
  assert.ok(kilobytes > 0, err);
  return { code, out, err, kilobytes };
}

async function check(folder: string, readable: readonly string[] = [folder]): Promise<Verdict> {
  const { code, out, err, kilobytes } = await confined(['check', folder, '--json'], readable);
  assert.ok(out.startsWith('{'), `${out.slice(0, 500)}\n${err.slice(0, 2000)}`);
  const { findings } = JSON.parse(out) as { findings: { code: string; file: string }[] };
  const each = <T>(all: T[]): T[] => [...new Set(all)];
  return {
    code,
    codes: each(findings.map((one) => one.code)),
    files: each(findings.map((one) => one.file)),
    kilobytes,
  };
}

type Write = (path: string, text: string | Uint8Array) => void;

/** The good agreement, spoiled. */
async function checkSpoiled(spoil: (write: Write, folder: string) => void): Promise<Verdict> {
  const folder = mkdtempSync(join(home, 'agreement-'));
  cpSync(GOOD, folder, { recursive: true });
  spoil((path, text) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }, folder);
  const verdict = await check(folder);
  rmSync(folder, { recursive: true, force: true });
  return verdict;
}

const readGood = (path: string): string => readFileSync(join(GOOD, path), 'utf8');

/** The rate of one state's annex, as another expression. */
const rate = (expression: string): string =>
  readGood('annexes/kg/annex.yaml').replace('20 + 5', JSON.stringify(expression));

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'hostile-'));
  lawful = (await check(join(ROOT, 'agreements', 'pension'))).kilobytes;
});
after(() => rmSync(home, { recursive: true, force: true }));

describe('a lawful agreement', () => {
  test('is checked with nothing but the program and its own folder', async () => {
    const { code, codes } = await check(join(ROOT, 'agreements', 'pension'));
    assert.deepEqual([code, codes], [0, []]);
  });

  test('could not be read at all if the process were not let: the confinement holds', async () => {
    const { code, codes } = await check(join(ROOT, 'agreements', 'pension'), []);
    assert.deepEqual([code, codes], [1, ['AGREEMENT_FOLDER_UNREADABLE']]);
  });
});

/** Name -> how it is spoiled, and the codes that refuse it. */
const HOSTILE: Record<string, [codes: string[], spoil: (write: Write, folder: string) => void]> = {
  'a file of 100 MB': [
    ['AGREEMENT_FILE_TOO_LARGE'],
    (write, folder) => {
      write('rules/large.yaml', 'rules:\n');
      truncateSync(join(folder, 'rules', 'large.yaml'), 100 * 1024 * 1024);
    },
  ],
  'an endless device behind a link': [
    ['AGREEMENT_FILE_KIND'],
    (_, folder) => symlinkSync('/dev/zero', join(folder, 'rules', 'zero.yaml')),
  ],
  'a pipe that nobody writes to': [
    ['AGREEMENT_FILE_KIND'],
    (_, folder) => execFileSync('mkfifo', [join(folder, 'rules', 'pipe.yaml')]),
  ],
  'links to files and folders outside': [
    ['AGREEMENT_FILE_KIND'],
    (_, folder) => {
      symlinkSync('/etc/passwd', join(folder, 'rules', 'passwd.yaml'));
      symlinkSync('../../../../../../../../etc/passwd', join(folder, 'forms', 'passwd.yaml'));
      symlinkSync('/etc', join(folder, 'annexes', 'am'));
    },
  ],
  'a folder that holds itself': [
    ['AGREEMENT_FILE_KIND'],
    (_, folder) => symlinkSync(folder, join(folder, 'annexes', 'am')),
  ],
  'names that lead out of the folder': [
    ['AGREEMENT_WRONG_VALUE'],
    (write) =>
      write(
        'services/permit.yaml',
        readGood('services/permit.yaml').replace('form: permit', 'form: ../../../etc/passwd'),
      ),
  ],
  'three thousand files': [
    ['AGREEMENT_TOO_MANY_FILES'],
    (write) => {
      for (let number = 0; number < 3000; number++) write(`rules/r${number}.yaml`, '');
    },
  ],
  'three thousand strange files with names that move a cursor': [
    ['AGREEMENT_FILE_UNKNOWN', 'AGREEMENT_TOO_MANY_FILES'],
    (write) => {
      for (let number = 0; number < 3000; number++) write(`rules/\u001b[2J\u202e${number}.yaml`, '');
    },
  ],
  'a billion laughs': [
    ['AGREEMENT_YAML_ALIAS'],
    (write) => {
      const levels = Array.from({ length: 30 }, (_, level) =>
        level === 0 ? 'l0: &l0 [ha, ha]' : `l${level}: &l${level} [${`*l${level - 1}, `.repeat(10)}]`,
      );
      write('forms/permit.yaml', levels.join('\n'));
    },
  ],
  'brackets without end': [['AGREEMENT_YAML_DEPTH'], (write) => write('forms/permit.yaml', '['.repeat(131_000))],
  'braces in quotes and out of them': [
    ['AGREEMENT_YAML_DEPTH', 'AGREEMENT_YAML_SYNTAX'],
    (write) => write('forms/permit.yaml', '{"a": '.repeat(20_000)),
  ],
  'keys that are questions': [
    ['AGREEMENT_YAML_DEPTH', 'AGREEMENT_YAML_SYNTAX'],
    (write) => write('forms/permit.yaml', '? '.repeat(60_000)),
  ],
  'thousands of documents in one file': [
    ['AGREEMENT_YAML_SYNTAX'],
    (write) => write('forms/permit.yaml', '---\na: 1\n'.repeat(14_000)),
  ],
  'thousands of keys that nobody knows': [
    ['AGREEMENT_UNKNOWN_KEY'],
    (write) =>
      write(
        'forms/permit.yaml',
        `${readGood('forms/permit.yaml')}${Array.from({ length: 9_000 }, (_, key) => `k${key}: 1\n`).join('')}`,
      ),
  ],
  'a number of a hundred thousand digits': [
    ['AGREEMENT_WRONG_VALUE'],
    (write) =>
      write('agreement.yaml', readGood('agreement.yaml').replace('retries: 3', `retries: ${'9'.repeat(100_000)}`)),
  ],
  'control characters in every place': [
    ['AGREEMENT_CONTROL_CHARACTER'],
    (write) => write('texts/en.yaml', 'a.b: \u0007\u202e\u200b\n'.repeat(10_000)),
  ],
  'homoglyphs in every word': [
    ['AGREEMENT_MIXED_SCRIPT'],
    (write) => write('texts/en.yaml', 'a.b: p\u0430ypal\n'.repeat(8_000)),
  ],
  'a table of a million rows': [
    ['AGREEMENT_FILE_TOO_LARGE'],
    (write) => write('rules/permit.yaml', `rules:\n${"r: { when: ['1'], gives: '1' }\n".repeat(1_000_000)}`),
  ],
  'tables of all the rows that fit, in every file that fits': [
    ['AGREEMENT_WRONG_VALUE', 'AGREEMENT_TOO_MANY_FILES', 'AGREEMENT_TEXT_MISSING'],
    (write) => {
      for (let file = 0; file < 7; file++) {
        const rows = Array.from(
          { length: 1_500 },
          (_, row) => `            r${row}: { when: ['${row}', '-'], gives: '${row}' }`,
        );
        const head = `rules:\n  t${file}:\n    title: rule.fee\n    article: parking-law\n    source: law\n    versions:\n      - table:\n          hit: unique\n          inputs: [nights, units]\n          rows:\n`;
        write(`rules/t${file}.yaml`, head + rows.join('\n'));
      }
    },
  ],
  'tables whose rows are compared with each other': [
    ['AGREEMENT_UNUSED', 'FEEL_TABLE_OVERLAP', 'AGREEMENT_ROW_NOT_MET'],
    (write) => {
      for (let file = 0; file < 7; file++) {
        const rows = Array.from(
          { length: 500 },
          (_, row) =>
            `            r${row}: { when: ['[${row}..${row + 1}]', 'not(${row})', '-', '<= ${row}', '${row}, ${row + 1}, ${row + 2}'], gives: '1' }`,
        );
        const head = `rules:\n  t${file}:\n    title: rule.fee\n    article: parking-law\n    source: law\n    versions:\n      - table:\n          hit: unique\n          inputs: [nights, nights, nights, nights, nights]\n          rows:\n`;
        write(`rules/t${file}.yaml`, head + rows.join('\n'));
      }
    },
  ],
  'rules in a circle through many others': [
    ['AGREEMENT_RULE_CYCLE'],
    (write) => {
      const names = Array.from({ length: 400 }, (_, index) => `r${index}`);
      const rules = names.map(
        (name, index) =>
          `  ${name}: { title: rule.fee, article: parking-law, source: law, versions: [{ value: ${names[(index + 1) % 400]} + 1 }] }`,
      );
      write('rules/circle.yaml', `rules:\n${rules.join('\n')}\n`);
    },
  ],
  'functions that double each other': [
    ['AGREEMENT_SCENARIO_FAILED', 'AGREEMENT_ROW_NOT_MET'],
    (write) => {
      const functions = Array.from(
        { length: 60 },
        (_, index) =>
          `  f${index}: { title: function.weeks, article: parking-law, source: law, value: 'function(n: number) ${index === 0 ? 'n' : `f${index - 1}(n) + f${index - 1}(n)`}' }`,
      );
      write('rules/bomb.yaml', `functions:\n${functions.join('\n')}\nrules: {}\n`);
      write('annexes/kz/annex.yaml', readGood('annexes/kz/annex.yaml').replaceAll(/value: '\d+'/g, 'value: f59(1)'));
    },
  ],
  'an expression that never comes to an end': [
    ['AGREEMENT_SCENARIO_FAILED', 'AGREEMENT_ROW_NOT_MET'],
    (write) =>
      write(
        'annexes/kz/annex.yaml',
        readGood('annexes/kz/annex.yaml').replaceAll(
          /value: '\d+'/g,
          'value: count(for a in 1..100000, b in 1..100000, c in 1..100000 return a)',
        ),
      ),
  ],
  'a list without end': [
    ['AGREEMENT_SCENARIO_FAILED'],
    (write) => write('annexes/kg/annex.yaml', rate('count(for i in 1..999999999999 return [i, partial])')),
  ],
  'a number without end': [
    ['FEEL_NUMBER', 'FEEL_ALWAYS_NULL', 'AGREEMENT_SCENARIO_FAILED'],
    (write) => write('annexes/kg/annex.yaml', rate('9 ** 9 ** 9 ** 9 ** 9')),
  ],
  'a pattern that tries every way': [
    ['AGREEMENT_SCENARIO_FAILED', 'FEEL_PATTERN'],
    (write) =>
      write(
        'annexes/kg/annex.yaml',
        rate(
          'if matches(string join(for i in 1..5000 return "a"), "^(a+)+(a|aa)*$|(a{1,1000}){1,1000}b") then 1 else 2',
        ),
      ),
  ],
  'a pattern in the schema of facts': [
    ['AGREEMENT_SCHEMA'],
    (write) =>
      write(
        'evidence/residence.yaml',
        readGood('evidence/residence.yaml').replace('maxLength: 80', () => "maxLength: 80, pattern: '^(a+)+$'"),
      ),
  ],
  'brackets without end in an expression': [
    ['FEEL_TOO_DEEP', 'AGREEMENT_WRONG_VALUE'],
    (write) => write('annexes/kg/annex.yaml', rate(`${'('.repeat(3_900)}1${')'.repeat(3_900)}`)),
  ],
  'plurals inside each other': [
    ['AGREEMENT_TEXT_SYNTAX', 'AGREEMENT_TEXT_PARAMETERS'],
    (write) =>
      write(
        'texts/en.yaml',
        readGood('texts/en.yaml').replace('Parking law', `'${'{n, plural, other {'.repeat(180)}x${'}}'.repeat(180)}'`),
      ),
  ],
  'conditions over every combination of fifteen answers': [
    ['AGREEMENT_TOO_COSTLY', 'AGREEMENT_PAGE_UNREACHABLE'],
    (write) => {
      const names = Array.from({ length: 8 }, (_, index) => `q${index}`);
      const fields = names.map((name) => `  ${name}: { type: yesNo, text: field.guest }`).join('\n');
      write('services/permit.yaml', readGood('services/permit.yaml').replace('fields:\n', `fields:\n${fields}\n`));
      const never = `${names.map((name) => `${name} = true`).join(' and ')} and count(for i in 1..20000 return i) < 0`;
      write(
        'forms/permit.yaml',
        readGood('forms/permit.yaml')
          .replace('pages:\n', `pages:\n  - { name: many, title: page.where, fields: [${names.join(', ')}] }\n`)
          .replace(`when: 'zone = "inner"'`, `when: '${never}'`),
      );
    },
  ],
};

describe('a hostile agreement is refused within its memory, and the check ends', () => {
  for (const [name, [codes, spoil]] of Object.entries(HOSTILE)) {
    test(name, async () => {
      const verdict = await checkSpoiled(spoil);
      assert.equal(verdict.code, 1);
      assert.ok(verdict.codes.length > 0);
      for (const code of verdict.codes) assert.ok(codes.includes(code), `${code} of ${verdict.codes.join(', ')}`);
      for (const file of verdict.files) assert.doesNotMatch(file, /\p{Cc}|\p{Cf}/u);
      const over = verdict.kilobytes - lawful;
      assert.ok(over < MORE_MEMORY, `${over} kB more than a lawful one`);
    });
  }
});

describe('no expression reaches the process, a file or a network', () => {
  const reaching = [
    'process',
    'process.exit(1)',
    'process.env.SECRET',
    'globalThis.process.env',
    'this',
    'constructor',
    'constructor.constructor("return process")()',
    '{}.constructor',
    '"".constructor.constructor("return process.env.SECRET")()',
    '[].map.constructor("return 1")()',
    '{a: 1}.__proto__.polluted',
    '{"__proto__": {polluted: true}}',
    'get value({}, "constructor")',
    'get value({a: 1}, "__proto__")',
    'get entries({"constructor": 1})',
    'context put({}, "__proto__", {polluted: true})',
    'context([{key: "__proto__", value: {polluted: true}}])',
    'require("node:fs")',
    'import("node:fs")',
    'eval("1")',
    'new Function("return process")()',
    'fetch("http://127.0.0.1:1/")',
    '(function() process)()',
    'function(x) external {java: {class: "java.lang.System", method signature: "getenv(java.lang.String)"}}',
    '(function(x) external {java: {class: "java.lang.Runtime", method signature: "exec(java.lang.String)"}})("id")',
    'string({}.toString)',
    'string(abs)',
    'for x in ["constructor", "__proto__", "prototype"] return get value({a: 1}, x)',
    'if "a" instance of process then 1 else 2',
    '@"file:///etc/passwd"',
    'date("file:///etc/passwd")',
    'replace("a", "(?e)a", "process.exit(1)")',
    'matches("a", "(?{process.exit(1)})")',
    'split("a", "(?<x>__proto__)")',
    '`process`',
    '\u0070rocess',
    '/* */ process /* */',
  ];
  for (const types of ['strict', 'loose']) {
    test(`of ${reaching.length}, with ${types} types`, async () => {
      const lines = reaching.flatMap((expression) => [
        JSON.stringify({ expression, context: {} }),
        JSON.stringify({ expression, context: { process: { env: {} }, constructor: null } }),
        JSON.stringify({ expression: `[${expression}, 1]`, contextFeel: '{a: 1}' }),
        JSON.stringify({ expression: '1', contextFeel: `{a: ${expression}}` }),
      ]);
      const last = JSON.stringify({ expression: '{}.polluted', context: {} });
      const { code, out } = await confined(['feel', '--types', types], [], `${[...lines, last].join('\n')}\n`);
      assert.equal(code, 0);
      const answers = out.trimEnd().split('\n');
      assert.equal(answers.length, lines.length + 1);
      for (const answer of answers) assert.ok(/^\{"(value|error)":/.test(answer), answer);
      assert.doesNotMatch(out, new RegExp(`${SECRET}|root:|native code|\\[object|ERR_ACCESS_DENIED|EvalError`));
      assert.doesNotMatch(answers.at(-1) ?? '', /true/);
    });
  }
});
