import {
  type Agreement,
  type Annex,
  decidersOf,
  type EvidenceFacts,
  evidenceQuestions,
  pathOf,
  type Service,
} from '../agreements/index.ts';
import { mandateService, representedBy, type SealedApplication } from '../applications/index.ts';
import { dayOf } from '../calendar/index.ts';
import { digestOf, type Sealed, signersOf } from '../crypto/index.ts';
import type { TransactionRecord } from '../exchange/index.ts';
import { reaches } from '../identity/index.ts';
import { type Evidence, representedKey } from '../registers/index.ts';
import { addMilliseconds, Failure, type Json } from '../storage/index.ts';
import { readClaim } from './claim-form.ts';
import type { CasesContext } from './context.ts';
import { factsFor } from './evidence-facts.ts';
import { type CheckedFile, checkFiles } from './files.ts';
import { verifyIssuedEvidence } from './issued-evidence.ts';

/** A claim that proved itself: what a case is opened with. */
export interface CheckedClaim {
  agreement: Agreement;
  service: Service;
  agency: string;
  annex: string;
  application: Sealed<SealedApplication>;
  evidence: Sealed<Evidence>[];
  /** What the rules are given: the same that her home node gave them for its forecast. */
  facts: EvidenceFacts[];
  /** The files that came with it, each once. */
  files: CheckedFile[];
}

/** How far the home node's clock may be ahead of ours, and an agency's ahead of the home node's. */
export const SKEW_MS = 60_000;
/** The least assurance under which a person may bind herself by an application. */
export const ASSURANCE = 'substantial';

/**
 * Checks a claim as if nobody before had: the home node's seal, the contract, her answers by the form of that contract, that they make
 * this state decide, and each piece of evidence by its issuing agency's own key. Who relayed it is no argument.
 * @throws Failure CLAIM_INVALID, CLAIM_CONTRACT_UNKNOWN, CLAIM_NOT_FOR_US, those of `verifyAgreedEvidence`
 */
export function checkClaim(ctx: CasesContext, transaction: TransactionRecord, body: Json): CheckedClaim {
  const { application, evidence, files = [] } = readClaim(body);
  const { payload } = application;
  demandSeal(ctx, transaction, application);
  demandFiling(ctx, payload);
  const agreement = agreedContract(ctx, transaction, payload);
  const service = Object.hasOwn(agreement.services, payload.service) ? agreement.services[payload.service] : undefined;
  if (service === undefined || agreement.transactions[service.claim]?.code !== transaction.code) {
    throw wrong('the service does not begin with this transaction');
  }
  demandMandate(service, payload);
  demandAnswers(agreement, service, payload);
  if (!payload.deciders.includes(ctx.trust.self)) throw new Failure('CLAIM_NOT_FOR_US', {});
  const { annex, agency } = ownAuthority(ctx, agreement, service);
  demandAgencies(agreement, service, transaction, agency);
  demandWhole(agreement, service, payload, evidence);
  for (const sealed of evidence) demandProven(ctx, agreement, payload, sealed);
  const facts = factsFor(payload, evidence);
  const checked = checkFiles(agreement, service, payload, ctx.trust.self, files);
  return { agreement, service, agency, annex: annex.digest, application, evidence, facts, files: checked };
}

const wrong = (reason: string) => new Failure('CLAIM_INVALID', { reason });

/** Sealed by the state that sent it, for the application that it speaks of, with a key that it had when she filed. */
function demandSeal(
  { trust }: CasesContext,
  transaction: TransactionRecord,
  application: Sealed<SealedApplication>,
): void {
  const { payload, signatures } = application;
  const key = trust.key(transaction.from, 'messages', signatures[0]?.key ?? '', payload.filedAt);
  signersOf(application, 'application', [key]);
  if (payload.home !== transaction.from || payload.id !== transaction.application) {
    throw wrong('the seal is of another home or application');
  }
  if (!reaches(payload.actor.assurance, ASSURANCE)) throw wrong('the assurance of the sign-in is too low');
}

/**
 * She acts for herself or for whom the service says; another person acts for her only where the service lets somebody, by a mandate for
 * this very service whose last day was not over when it was filed.
 */
function demandMandate(
  service: Service,
  { agreement, service: name, filedOn, reference, actor }: SealedApplication,
): void {
  const { mandate } = actor;
  if (mandate?.kind !== 'given') {
    if (actor.reference !== reference) throw wrong('another person acted, without a mandate');
    if (mandate?.kind !== service.appliesFor) throw wrong('the mandate is not what the service asks');
    return;
  }
  if (mandate.holder.kind !== service.byMandate) throw wrong('nobody acts for another in this service');
  if (mandate.service !== mandateService(agreement, name)) throw wrong('the mandate is for another service');
  if (mandate.until < filedOn) throw wrong('the mandate was over');
  if (actor.reference === reference) throw wrong('the mandate names nobody else');
}

/**
 * The filing date chooses contract, rules and the validity of evidence: it is the day of the moment that home sealed, and not ahead of
 * our clock. How far back home may date it is bounded by the evidence, which other agencies dated.
 */
function demandFiling({ clock }: CasesContext, { home, filedAt, filedOn }: SealedApplication): void {
  if (filedAt > addMilliseconds(clock.now(), SKEW_MS)) throw wrong('it was filed in the future');
  if (dayOf(filedAt, home) !== filedOn) throw wrong('its day is not that of its time');
}

/** The contract of the transaction: loaded here with the annex that we ratified, and home is a party of it. */
function agreedContract(ctx: CasesContext, transaction: TransactionRecord, payload: SealedApplication): Agreement {
  const { self } = ctx.trust;
  const { contract, filedOn, home } = payload;
  // With the annexes as they were ratified for the day of filing: later corrections are not for her.
  const agreement = ctx.agreements.byContract(contract, { on: filedOn });
  const annex = agreement?.annexes[self]?.digest;
  const ratified = ctx.trust
    .ratifications(self, payload.agreement, filedOn)
    .some((one) => one.contract === contract && one.annex === annex);
  const known = agreement?.name === payload.agreement && ratified && transaction.contract === contract;
  if (agreement === undefined || !known || !agreement.parties.includes(home)) {
    throw new Failure('CLAIM_CONTRACT_UNKNOWN', { contract: contract.slice(0, 16) });
  }
  return agreement;
}

/** Her answers are complete and right by the ratified form, nothing else is among them, and they make these states decide. */
function demandAnswers(agreement: Agreement, service: Service, payload: SealedApplication): void {
  const { home, filedOn, answers, deciders } = payload;
  const input = { home, claim: filedOn, answers };
  const path = pathOf(agreement, service, input);
  if (!path.complete) throw wrong('the answers are not complete by the form');
  if (digestOf(path.answers) !== digestOf(answers)) throw wrong('there are answers that the form does not reach');
  if (digestOf(decidersOf(agreement, service, input)) !== digestOf(deciders)) {
    throw wrong('the deciders are not those of the answers');
  }
}

function ownAuthority(
  { trust }: CasesContext,
  agreement: Agreement,
  service: Service,
): { annex: Annex; agency: string } {
  const annex = agreement.annexes[trust.self];
  const agency = annex?.roles[service.decidedBy.role];
  if (annex === undefined || agency === undefined) throw new Failure('CLAIM_NOT_FOR_US', {});
  return { annex, agency };
}

/** The transaction runs between the agencies that the annexes name for its two roles. */
function demandAgencies(
  agreement: Agreement,
  service: Service,
  transaction: TransactionRecord,
  decidedBy: string,
): void {
  const role = agreement.transactions[service.claim]?.from ?? '';
  const asking = agreement.annexes[transaction.from]?.roles[role] ?? `${transaction.from}.portal`;
  if (transaction.toAgency !== decidedBy || transaction.fromAgency !== asking) {
    throw wrong('the transaction is between other agencies');
  }
}

/**
 * Exactly the evidence that the sealed application names, and exactly one answer, or the word that she goes on without it, for
 * everything that the answers call for: nothing may be left out silently, doubled or slipped in.
 */
function demandWhole(
  agreement: Agreement,
  service: Service,
  payload: SealedApplication,
  evidence: readonly Sealed<Evidence>[],
): void {
  const digests = evidence.map((sealed) => digestOf(sealed as unknown as Json));
  if (digestOf(digests) !== digestOf(payload.evidence)) {
    throw wrong('the evidence is not that of the sealed application');
  }
  const input = { home: payload.home, claim: payload.filedOn, answers: payload.answers };
  const wanted = evidenceQuestions(agreement, service, input).map(
    ({ evidence: { type }, state }) => `${type}/${state}`,
  );
  const given = evidence.map(({ payload: { type, issuer } }) => `${type}/${issuer.state}`);
  const told = [...given, ...payload.waived, ...payload.unanswered];
  if (digestOf(told.toSorted()) !== digestOf(wanted.toSorted())) {
    throw wrong('the evidence is not what the answers call for');
  }
}

function demandProven(
  ctx: CasesContext,
  agreement: Agreement,
  { id, reference, home, filedAt, actor }: SealedApplication,
  sealed: Sealed<Evidence>,
): void {
  const { type, issuer, issuedAt } = sealed.payload;
  const represented = representedKey(representedBy(actor.mandate));
  const about = { type, state: issuer.state, application: id, reference, home, represented };
  // Valid when she filed: a partition between then and now never costs her the evidence.
  verifyIssuedEvidence(ctx, agreement, sealed, about, filedAt);
  if (issuedAt > addMilliseconds(filedAt, SKEW_MS)) throw wrong('evidence is younger than the application');
}
