import {
  type ApplicationsContext,
  AWARD,
  awardArrived,
  CASE_MOVED,
  caseMoved,
  claimAccepted,
  claimAnswered,
  claimRefused,
  correctionAccepted,
  correctionAnswered,
  correctionRefused,
  decisionCorrected,
  documentFileArrived,
  evidenceAnswered,
  evidenceOverdue,
  evidenceRefused,
  JOINED,
  SUPPLEMENT,
} from '../applications/index.ts';
import {
  type CasesContext,
  claimArrived,
  correctionAsked,
  decisionsJoined,
  noticeArrived,
  opinionAsked,
  opinionGiven,
  opinionOverdue,
  opinionRefused,
  supplementArrived,
} from '../cases/index.ts';
import type { MessageHandler, TransactionHandlers } from '../exchange/index.ts';
import { receiveCounts, receiveNotice } from '../persons/index.ts';
import { findResident, questionArrived, type RegistersContext } from '../registers/index.ts';
import { mayBeWithheld } from './withholding.ts';

/** Everything that messages from other nodes can reach. */
export type HandlersContext = ApplicationsContext & CasesContext & RegistersContext;

/** What each operation of an agreement's transactions does here, as the asked side and as the asking side. */
export function transactionHandlers(ctx: HandlersContext): Record<string, TransactionHandlers> {
  return {
    fetchEvidence: {
      onRequest: (tx, transaction, body) => questionArrived(ctx, tx, transaction, body),
      onResponse: (tx, transaction, body) => evidenceAnswered(ctx, tx, transaction, body),
      onRefused: (tx, transaction, code) => evidenceRefused(ctx, tx, transaction, code),
      onOverdue: (tx, transaction) => evidenceOverdue(ctx, tx, transaction),
    },
    openCase: {
      onRequest: (tx, transaction, body) => claimArrived(ctx, tx, transaction, body),
      onAccepted: (tx, transaction, body) => claimAccepted(ctx, tx, transaction, body),
      onResponse: (tx, transaction, body) => claimAnswered(ctx, tx, transaction, body),
      onRefused: (tx, transaction, code) => claimRefused(ctx, tx, transaction, code),
    },
    giveOpinion: {
      onRequest: (tx, transaction, body) => opinionAsked(ctx, tx, transaction, body),
      onResponse: (tx, transaction, body) => opinionGiven(ctx, tx, transaction, body),
      onRefused: (tx, transaction, code) => opinionRefused(ctx, tx, transaction, code),
      onOverdue: async (tx, transaction, timer) => {
        if (timer === 'respond') await opinionOverdue(ctx, tx, transaction);
      },
    },
    askCorrection: {
      onRequest: (tx, transaction, body) => correctionAsked(ctx, tx, transaction, body),
      onAccepted: (tx, transaction) => correctionAccepted(ctx, tx, transaction),
      onResponse: (tx, transaction, body) => correctionAnswered(ctx, tx, transaction, body),
      onRefused: (tx, transaction, code) => correctionRefused(ctx, tx, transaction, code),
    },
    correctDecision: {
      onRequest: (tx, transaction, body) => decisionCorrected(ctx, tx, transaction, body),
    },
    distribute: {
      onRequest: (tx, transaction, body) => noticeArrived(ctx, tx, transaction, body),
    },
  };
}

/** Messages that belong to no transaction of an agreement. */
export function messageHandlers(ctx: HandlersContext): Record<string, MessageHandler> {
  return {
    'access-notice': (tx, { head, body }) =>
      receiveNotice(tx, ctx, head.from, body, {
        findResident: (q, number) => findResident(q, [number]),
        mayBeWithheld: (entry) => mayBeWithheld(ctx, entry),
      }),
    'access-counts': (tx, { head, body }) => receiveCounts(tx, ctx, head.from, body),
    [CASE_MOVED]: (tx, { head, body }) => caseMoved(ctx, tx, head.from, body),
    [SUPPLEMENT]: (tx, { head, body }) => supplementArrived(ctx, tx, head.from, body),
    [JOINED]: (tx, { head, body }) => decisionsJoined(ctx, tx, head.from, body),
    [AWARD]: (tx, { head, body }) => awardArrived(ctx, tx, head.from, body),
    'document-file': (tx, { head, body }) => documentFileArrived(ctx, tx, head.from, body),
  };
}
