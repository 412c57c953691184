import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { submitStep } from '../../src/cli/demo/apply.ts';
import { fillInForm, isSettled, signIn, waitFor } from '../../src/cli/demo/citizen.ts';
import { FormClient } from '../../src/cli/demo/form-client.ts';
import { confirmQueue } from '../../src/cli/demo/officer.ts';
import { answersOf } from '../../src/cli/demo/story.ts';
import { askTls } from '../outside-checker/wire.ts';
import { persona, root, type TestUnion } from './union.ts';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Runs a command of the program to its end, as an operator types it. */
export async function runProgram(words: readonly string[], home: string): Promise<Ended> {
  const program = process.env.COMMONWAY_PROGRAM ?? '';
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, COMMONWAY_ROOT: root, COMMONWAY_HOME: home },
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    err += part;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

/** Waits until something holds. */
export async function until(what: string, truth: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 90_000; !(await truth()); await pause(200)) {
    if (Date.now() > end) assert.fail(`it did not come about: ${what}`);
  }
}

/** Opens a person's portal. */
export async function portalOf({ place }: TestUnion, state: string, id: string): Promise<FormClient> {
  const client = new FormClient(place.portals[state] ?? '');
  await signIn(client, id);
  return client;
}

const SERVICE = 'pension/pension';

/** A person fills in the application for a pension and has her evidence asked for; gives the draft. */
export async function draftWithEvidence(running: TestUnion, id: string): Promise<string> {
  const client = await portalOf(running, persona(id).state, id);
  const draft = await fillInForm(client, SERVICE, answersOf(persona(id)));
  const path = `/drafts/${draft}/evidence`;
  await submitStep(client, await client.open(path), 'ask');
  await waitFor(client, path, isSettled);
  await client.close();
  return draft;
}

/** She looks at the evidence and sends it; every state has taken its claim when this ends. */
export async function sendDraft(running: TestUnion, id: string, draft: string): Promise<void> {
  const client = await portalOf(running, persona(id).state, id);
  await submitStep(client, await client.open(`/drafts/${draft}/evidence`), 'confirm');
  const sent = await client.submit(await client.open(`/drafts/${draft}/check`), {}, '/check');
  assert.equal(sent.url.pathname, `/applications/${draft}`);
  await waitFor(client, `/applications/${draft}/proofs`, ({ root: proofs }) =>
    proofs.structuredText.includes('TRN.002'),
  );
  await client.close();
}

/** Officers confirm what is in their queues until these states have decided; gives the outcomes. */
export async function decide(
  running: TestUnion,
  home: string,
  id: string,
  application: string,
  states: readonly string[],
): Promise<string[]> {
  const person = await portalOf(running, home, id);
  const desks = await Promise.all(
    states.flatMap((state) =>
      (running.place.officers[state] ?? []).map((officer) => portalOf(running, state, officer)),
    ),
  );
  const decisions = `/applications/${application}/decisions/`;
  try {
    await until('every state has decided', async () => {
      for (const desk of desks) await confirmQueue(desk);
      const { root: proofs } = await person.open(`/applications/${application}/proofs`);
      return states.every((state) => proofs.querySelector(`a[href="${decisions}${state}"]`) !== null);
    });
    return await Promise.all(
      states.map(async (state) => {
        const { content } = JSON.parse((await person.download(`${decisions}${state}`)).toString('utf8')) as {
          content: { decision: { payload: { outcome: string } } };
        };
        return `${state} ${content.decision.payload.outcome}`;
      }),
    );
  } finally {
    await Promise.all([person, ...desks].map((client) => client.close()));
  }
}

/** Asks a node on the exchange's port, as another node of the union would, with the certificate in that node's folder. */
export function askAsNode({ union }: TestUnion, keyFolder: string, asked: string) {
  const [cert, key] = ['tls.cert.pem', 'tls.key.pem'].map((name) => readFileSync(join(keyFolder, name), 'utf8'));
  return askTls(union.state(asked).exchangePort, { cert, key });
}
