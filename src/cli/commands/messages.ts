import { listDeadLetters, retryDeadLetter, skipDeadLetter } from '../../exchange/index.ts';
import {
  type DeadMessage,
  dropDead,
  findMessage,
  listDeadMessages,
  resendByOperator,
  retryDead,
} from '../../messages/index.ts';
import { Failure } from '../../storage/index.ts';
import type { Command, Surroundings, Typed } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type StateStore, withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

const STATE = { state: { type: 'string', value: 'STATE', summary: 'whose node: kz' } } as const;
const JSON_OPTION = { json: { type: 'boolean', summary: 'prints JSON' } } as const;
const ID = [{ name: 'ID', summary: 'of the message' }] as const;

/** `./commonway messages list --state STATE` */
export const messagesList: Command = {
  name: 'messages list',
  summary: "lists a node's dead letters: messages that came to nothing, and what waits behind them",
  details: [
    'in: dead in a channel of this state, since its system never acknowledged it or rejected it for good; its key waits behind it.',
    'out: sent by a system of this state and refused, expired or dead. node: between nodes, of no system; its lane waits behind it.',
  ].join('\n'),
  options: { ...FOLDER, ...STATE, ...JSON_OPTION },
  async run(around, typed) {
    await withNode(around, typed, 'messages list', async (store) => {
      const messages = await listDeadMessages(store.db);
      const letters = await listDeadLetters(store.db);
      if (typed.options.json === true) return around.out(JSON.stringify({ messages, letters }));
      if (messages.length + letters.length === 0) return around.out('There are no dead letters.');
      for (const message of messages) around.out(lineOf(message));
      for (const { id, sender, type, error, behind } of letters)
        around.out(`${id}  node  from ${sender} ${type}: ${error}, ${behind} wait behind it`);
    });
    return EXIT.ok;
  },
};

/** `./commonway messages show ID --state STATE` */
export const messagesShow: Command = {
  name: 'messages show',
  summary: 'shows how a message between systems stands; never what it says',
  arguments: [...ID],
  options: { ...FOLDER, ...STATE, ...JSON_OPTION },
  async run(around, typed) {
    const [id = ''] = typed.arguments;
    await withNode(around, typed, 'messages show', async (store, state) => {
      const found = await findMessage(store.db, id);
      if (found.length === 0) throw unknown(id, state);
      for (const message of found)
        around.out(typed.options.json === true ? JSON.stringify(message) : factsOf(message).join('\n'));
    });
    return EXIT.ok;
  },
};

/** `./commonway messages resend ID --state STATE` */
export const messagesResend: Command = {
  name: 'messages resend',
  summary: 'lets a dead message be handed out again, or sends a refused or expired one anew',
  arguments: [...ID],
  options: { ...FOLDER, ...STATE },
  async run(around, typed) {
    const [id = ''] = typed.arguments;
    await withNode(around, typed, 'messages resend', async (store, state) => {
      if (await store.db.transaction((tx) => retryDead(tx, store, id))) return around.out(`${id} is handed out again.`);
      const sender = await letterSender(store, id);
      if (sender !== undefined && (await store.db.transaction((tx) => retryDeadLetter(tx, sender, id))))
        return around.out(`${id} is handled again.`);
      const sent = await resendByOperator(store, id);
      if (sent === undefined) throw unknown(id, state);
      around.out(sent.id === id ? `${id} is asked to be handed out again.` : `${id} goes again as ${sent.id}.`);
    });
    return EXIT.ok;
  },
};

/** `./commonway messages drop ID --state STATE` */
export const messagesDrop: Command = {
  name: 'messages drop',
  summary: 'takes a dead message away for good, so that what waits behind it goes on; its sender is told',
  arguments: [...ID],
  options: { ...FOLDER, ...STATE },
  async run(around, typed) {
    const [id = ''] = typed.arguments;
    await withNode(around, typed, 'messages drop', async (store, state) => {
      const sender = await letterSender(store, id);
      const dropped =
        (await store.db.transaction((tx) => dropDead(tx, store, id))) ||
        (sender !== undefined && (await store.db.transaction((tx) => skipDeadLetter(tx, sender, id))));
      if (!dropped) throw unknown(id, state);
      around.out(`${id} is dropped.`);
    });
    return EXIT.ok;
  },
};

async function withNode(
  around: Surroundings,
  typed: Typed,
  command: string,
  work: (store: StateStore, state: string) => Promise<void>,
): Promise<void> {
  const state = demandOption(typed, command, 'state');
  await withStateStore(around, unionFolder(around, typed), state, (store) => work(store, state));
}

async function letterSender({ db }: StateStore, id: string): Promise<string | undefined> {
  return (await listDeadLetters(db)).find((letter) => letter.id === id)?.sender;
}

const unknown = (message: string, state: string) => new Failure('CLI_MESSAGE_UNKNOWN', { message, state });

function lineOf({ id, direction, sender, channel, type, status, reason, behind }: DeadMessage): string {
  const waiting = behind === 0 ? '' : `, ${behind} wait behind it`;
  return `${id}  ${direction}  ${sender} -> ${channel} ${type}: ${status} ${reason}${waiting}`;
}

function factsOf(message: DeadMessage): string[] {
  return Object.entries(message)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name.padEnd(11)} ${value}`);
}
