/** Messages: durable messages between information systems of any two nodes, ordered by key, pulled and acknowledged. Floor 2. */
import type { Migrations } from '../storage/index.ts';
import sql from './sql/001-messages.sql';

export { messageHandlers } from './arrive.ts';
export { type Channel, demandChannel, getChannel, listChannels, openChannel } from './channels.ts';
export { type Content, unpackContent } from './content.ts';
export type { MessagesContext } from './context.ts';
export { type DeadMessage, dropDead, findMessage, listDeadMessages, retryDead } from './dead.ts';
export { messageDelivery } from './delivery.ts';
export { messagesFailures } from './failures.ts';
export { LIMITS as MESSAGE_LIMITS } from './limits.ts';
export { type HandedOut, type Lease, type PullOptions, pullMessages } from './pull.ts';
export { resendByOperator, resendMessage } from './resend.ts';
export { type NewMessage, sendMessage } from './send.ts';
export { findSent, findSentRefusal, listSent, type SentMessage, type SentQuery, type SentStatus } from './sent.ts';
export { type Rejection, type Settled, settleMessages } from './settle.ts';

/** The tables of this room. */
export const migrations: Migrations = { room: 'messages', files: [{ name: '001-messages', sql }] };
