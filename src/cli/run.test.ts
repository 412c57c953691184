import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure, failureSentence } from '../storage/index.ts';
import type { Command, Surroundings } from './command.ts';
import { CLI_FAILURES } from './failures.ts';
import { runCommand } from './run.ts';

function surroundings(): Surroundings & { said: string[]; wrong: string[] } {
  const said: string[] = [];
  const wrong: string[] = [];
  return {
    root: '/nowhere',
    home: '/nowhere/var',
    env: {},
    sentenceOf: (failure) => failureSentence(CLI_FAILURES, failure),
    said,
    wrong,
    out: (line) => void said.push(line),
    err: (line) => void wrong.push(line),
    ask: async () => undefined,
  };
}

const commands: Command[] = [
  {
    name: 'greet',
    summary: 'greets a state',
    arguments: [{ name: 'STATE', summary: 'e.g. kz' }],
    options: {
      loud: { type: 'boolean', summary: 'louder' },
      times: { type: 'string', value: 'N', summary: 'how often' },
    },
    async run(around, typed) {
      around.out(`hello ${typed.arguments[0]} ${typed.options.loud === true} ${typed.options.times ?? 1}`);
      return 0;
    },
  },
  { name: 'register import', summary: 'takes a file', run: async () => 7 },
  {
    name: 'fail',
    summary: 'fails',
    arguments: [{ name: 'HOW', summary: 'how' }],
    async run(_around, typed) {
      if (typed.arguments[0] === 'known') throw new Failure('CLI_PORT_BUSY', { port: 4700, folder: '/x' });
      if (typed.arguments[0] === 'disk') throw Object.assign(new Error('write'), { code: 'ENOSPC' });
      throw new TypeError('secret of Aigerim');
    },
  },
];

async function run(...words: string[]) {
  const around = surroundings();
  const code = await runCommand(commands, words, around);
  return { code, said: around.said.join('\n'), wrong: around.wrong.join('\n') };
}

test('a command gets its arguments and options', async () => {
  assert.deepEqual(await run('greet', 'kz', '--loud', '--times', '3'), { code: 0, said: 'hello kz true 3', wrong: '' });
});

test('a command of two words is found, and gives its own exit code', async () => {
  assert.equal((await run('register', 'import')).code, 7);
});

test('--help shows every command, and COMMAND --help its options', async () => {
  const general = await run('--help');
  assert.equal(general.code, 0);
  for (const { name } of commands) assert.match(general.said, new RegExp(name));
  const own = await run('greet', '--help');
  assert.equal(own.code, 0);
  assert.match(own.said, /--times N +how often/);
});

test('no command at all shows the help and is wrong usage', async () => {
  const { code, said } = await run();
  assert.equal(code, 64);
  assert.match(said, /Usage/);
});

for (const [words, sentence] of [
  [['gret'], /There is no command 'gret'; did you mean 'greet'\?/],
  [['register'], /did you mean 'register import'\?/],
  [['xyzzy'], /There is no command 'xyzzy'\. See/],
  [['greet'], /greet needs STATE/],
  [['greet', 'kz', 'kg'], /does not know what to do with 'kg'/],
  [['greet', 'kz', '--quiet'], /--quiet/],
  [['greet', 'kz', '--times'], /--times/],
] as const) {
  test(`'${words.join(' ')}' gets one clear sentence and 64`, async () => {
    const { code, said, wrong } = await run(...words);
    assert.equal(code, 64);
    assert.equal(said, '');
    assert.match(wrong, sentence);
    assert.equal(wrong.split('\n').length, 1);
  });
}

test('a refusal is one sentence and its own exit code', async () => {
  assert.deepEqual(await run('fail', 'known'), {
    code: 75,
    said: '',
    wrong: 'commonway: Port 4700, which the union in /x needs, is in use by another program.',
  });
  assert.deepEqual(await run('fail', 'disk'), { code: 73, said: '', wrong: 'commonway: The disk is full.' });
});

test('an error of the program itself is 70 and quotes no value', async () => {
  const { code, wrong } = await run('fail', 'badly');
  assert.equal(code, 70);
  assert.match(wrong, /TypeError/);
  assert.doesNotMatch(wrong, /Aigerim/);
});
