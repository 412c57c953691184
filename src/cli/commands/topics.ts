import { listAllSubscriptions, listAllTopics, listSubscribers } from '../../messages/index.ts';
import type { Command } from '../command.ts';
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
      if (typed.options.json === true) return around.out(JSON.stringify({ topics, subscribers, subscriptions }));
      if (topics.length + subscriptions.length === 0) return around.out('There are no topics and no subscriptions.');
      for (const { topic, title, events } of topics) {
        around.out(`${topic}  ${title}: holds ${events} events`);
        for (const { id, subscriber, types, subject, status, reason, behind } of subscribers.filter(
          (one) => one.topic === topic,
        ))
          around.out(`  ${id}  out  ${subscriber} ${filter(types, subject)}: ${status}${why(reason)}, ${behind} wait`);
      }
      for (const { id, system, topic, types, subject, status, reason, ready, dead } of subscriptions)
        around.out(
          `${id}  in  ${system} <- ${topic} ${filter(types, subject)}: ${status}${why(reason)}, ${ready} wait, ${dead} dead`,
        );
    });
    return EXIT.ok;
  },
};

const filter = (types: string, subject: string): string => `${types}*${subject === '' ? '' : ' of one subject'}`;
const why = (reason: { code: string } | null): string => (reason === null ? '' : ` ${reason.code}`);
