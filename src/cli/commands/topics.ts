import {
  listAllSubscriptions,
  listAllTopics,
  listNetworks,
  listSubscribers,
  setNetwork,
} from '../../messages/index.ts';
import { type Command, textOf } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { withStateStore } from '../local-union/state-store.ts';
import { demandOption } from '../publishing/officer.ts';
import { FOLDER, unionFolder } from './union-options.ts';

const STATE = { state: { type: 'string', value: 'STATE', summary: 'whose node: kz' } } as const;
const JSON_OPTION = { json: { type: 'boolean', summary: 'prints JSON' } } as const;

/** `./commonway topics list --state STATE` */
export const topicsList: Command = {
  name: 'topics list',
  summary: "lists a node's topics with who subscribes to them, and what its own systems subscribe to",
  details: [
    'out: a subscriber of a topic of this state, with how many events wait for it. in: a subscription of a system of this state.',
    'Events that came to nothing stand among the dead letters: ./commonway messages list, show, resend and drop.',
  ].join('\n'),
  options: { ...FOLDER, ...STATE, ...JSON_OPTION },
  async run(around, typed) {
    const state = demandOption(typed, 'topics list', 'state');
    await withStateStore(around, unionFolder(around, typed), state, async ({ db }) => {
      const [topics, subscribers, subscriptions] = [
        await listAllTopics(db),
        await listSubscribers(db),
        await listAllSubscriptions(db),
      ];
      if (typed.options.json === true)
        return around.out(
          JSON.stringify({
            topics,
            subscribers: subscribers.map(withoutSubject),
            subscriptions: subscriptions.map(withoutSubject),
          }),
        );
      if (topics.length + subscriptions.length === 0) return around.out('There are no topics and no subscriptions.');
      for (const { topic, title, events } of topics) {
        around.out(`${topic}  ${title}: holds ${events} events`);
        for (const { id, subscriber, types, subject, status, reason, behind } of subscribers.filter(
          (one) => one.topic === topic,
        ))
          around.out(`  ${id}  out  ${subscriber} ${filter(types, subject)}: ${status}${why(reason)}, ${behind} wait`);
      }
      for (const { id, system, topic, types, subject, status, reason, webhook, ready, dead } of subscriptions)
        around.out(
          `${id}  in  ${system} <- ${topic} ${filter(types, subject)}: ${status}${why(reason)}${pushed(webhook)}, ${ready} wait, ${dead} dead`,
        );
    });
    return EXIT.ok;
  },
};

/** A subject may name a person: that there is one is enough for an operator. */
const withoutSubject = <T extends { subject: string }>({
  subject,
  ...one
}: T): Omit<T, 'subject'> & { oneSubject: boolean } => ({
  ...one,
  oneSubject: subject !== '',
});
const filter = (types: string, subject: string): string => `${types}*${subject === '' ? '' : ' of one subject'}`;
const pushed = (webhook: { failure: string | null; provenAt: string | null } | null): string =>
  webhook === null ? '' : `, webhook ${webhook.failure ?? (webhook.provenAt === null ? 'not asked yet' : 'works')}`;
const why = (reason: { code: string } | null): string => (reason === null ? '' : ` ${reason.code}`);

/** `./commonway topics allow NETWORK --state STATE` */
export const topicsAllow: Command = {
  name: 'topics allow',
  summary: 'lets webhooks stand in a private or loopback network, or no more',
  details: [
    'A node brings events to public addresses alone, whoever asks for it: behind a private one may stand what trusts the node. NETWORK is an',
    'address or a network in CIDR form, 10.0.7.0/24. Without NETWORK the listed ones are printed.',
  ].join('\n'),
  arguments: [{ name: 'NETWORK', summary: '10.0.7.0/24', optional: true }],
  options: {
    ...FOLDER,
    ...STATE,
    no: { type: 'boolean', summary: 'takes it off the list' },
    by: { type: 'string', value: 'NAME', summary: 'who answers for it; default: operator' },
  },
  async run(around, typed) {
    const state = demandOption(typed, 'topics allow', 'state');
    const [network] = typed.arguments;
    const isAllowed = typed.options.no !== true;
    await withStateStore(around, unionFolder(around, typed), state, async (store) => {
      if (network !== undefined) await setNetwork(store, network, { isAllowed, by: textOf(typed, 'by') ?? 'operator' });
      const networks = await listNetworks(store.db);
      around.out(networks.length === 0 ? 'Webhooks stand at public addresses alone.' : networks.join('\n'));
    });
    return EXIT.ok;
  },
};
