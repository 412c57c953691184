import { dayOf } from '../../calendar/index.ts';
import type { Instant } from '../../storage/index.ts';
import { formatDate, type Language, stateName, texts } from '../../texts/index.ts';
import type { Manifest } from '../../union/index.ts';
import type { DocumentPage } from '../types.ts';
import { type QrCode, qrCode } from './qr.ts';
import words from './words.json' with { type: 'json' };

/** What a page needs of a document, whether it was just issued or stands in an opened file. */
export interface PrintedDocument {
  id: string;
  page: DocumentPage;
  /** Text of the QR code. */
  paper: string;
  issuedAt: Instant;
  validUntil?: Instant;
}

/** A document's page, ready to be set: the same for HTML and PDF. All texts in the holder's language. */
export interface PageView {
  language: Language;
  state: string;
  title: string;
  /** Stands on every printed page of a document that counts for nothing: one issued under a demonstration's charter. */
  mark?: string;
  /** What the document says; a list has one thing on each line of its value. */
  lines: { label: string; value: string }[];
  notes: string[];
  /** Who issued it, when, under which number, until when. */
  facts: { label: string; value: string }[];
  check: { title: string; text: string; codeDescription: string };
  code: QrCode;
}

/**
 * Makes the page of a document.
 * @param issuer the manifest of the issuing state, and the agency's id: names come from there; whether its union is a demonstration
 * @example const view = pageView(document, { manifest: trust.manifest('kz'), agency: 'kz.pension-fund', demo: false })
 */
export function pageView(
  document: PrintedDocument,
  issuer: { manifest: Manifest; agency: string; demo: boolean },
): PageView {
  const { page } = document;
  const { language } = page;
  const say = words[language];
  const agency = issuer.manifest.agencies.find(({ id }) => id === issuer.agency);
  const agencyName = agency?.name[language] ?? agency?.name.en ?? issuer.agency;
  // The day as the issuer's calendar has it: a decision of its morning is not dated to the evening before.
  const day = (at: Instant): string => formatDate(language, dayOf(at, issuer.manifest.state));
  return {
    language,
    state: stateName(language, issuer.manifest.state),
    title: page.title,
    ...(issuer.demo ? { mark: texts(language).say('common.demo.mark') } : {}),
    lines: page.lines,
    notes: page.notes ?? [],
    facts: [
      { label: say.issuer, value: agencyName },
      { label: say.issued, value: day(document.issuedAt) },
      ...(document.validUntil === undefined ? [] : [{ label: say.until, value: day(document.validUntil) }]),
      { label: say.number, value: document.id },
    ],
    check: { title: say.how, text: say.scan, codeDescription: say.code },
    code: qrCode(document.paper),
  };
}
