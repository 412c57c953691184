import { ACCESS_CHANGED } from '../../access/index.ts';
import type { JobHandler } from '../../storage/index.ts';
import type { MessagesContext } from '../context.ts';
import { webhookJob } from '../webhooks/deliver.ts';
import { fanOutJob } from './fan-out.ts';
import { reviewJob } from './subscribers.ts';
import { sweepJob } from './sweep.ts';

/** What goes on behind topics: events on their way, grants that ended, events whose time is over. */
export const topicJobs = (ctx: MessagesContext): JobHandler[] => [
  fanOutJob(ctx),
  reviewJob(ctx, ACCESS_CHANGED),
  sweepJob(ctx),
  webhookJob(ctx),
];
