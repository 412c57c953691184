import { runTests } from './test.ts';

const [command, ...words] = process.argv.slice(2);
if (command === 'test') process.exitCode = await runTests(words);
else {
  process.stderr.write(`commonway: unknown command ${command ?? ''}\n`);
  process.exitCode = 64;
}
