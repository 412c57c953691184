import type { FileKind } from './recognise.ts';

/** What a scanner says of a file. The reason is one word for the log and the officer, never text out of the file. */
export type Verdict = { clean: true } | { clean: false; reason: string };

/**
 * Looks for harmful content. A node may bring one of its own, such as a client of an antivirus daemon: it is called in a job, so it
 * may take its time and may fail, and is tried again then; the file stays in quarantine until it has spoken.
 */
export type Scanner = (file: { kind: FileKind; bytes: Uint8Array }) => Promise<Verdict>;

/** Names in a PDF that make a reader run, start or unpack something (ISO 32000-2 sections 12.6.4, 7.11.4, 13.7). */
const ACTIVE = /\/(JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData|GoToR|GoToE)(?![A-Za-z0-9])/;
/** The harmless text that every antivirus product takes for a virus (EICAR), to try the way through quarantine. */
const TEST_VIRUS = 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE';

/**
 * The scanner of a node that has no other: refuses what acts by itself (scripts, programs and files inside a PDF), pictures with
 * something behind their end, and the test virus. It knows no virus signatures and does not look into compressed parts of a PDF: a
 * state in operation puts an antivirus product behind `Scanner`.
 */
export const simpleScanner: Scanner = async ({ kind, bytes }) => {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (text.includes(TEST_VIRUS)) return refused('test-virus');
  switch (kind) {
    case 'pdf':
      return ACTIVE.test(plainNames(text)) ? refused('active-content') : CLEAN;
    case 'png':
      return endsPng(bytes) ? CLEAN : refused('hidden-content');
    case 'jpeg':
      return text.endsWith('\xff\xd9') ? CLEAN : refused('hidden-content');
  }
};

const CLEAN: Verdict = { clean: true };
const refused = (reason: string): Verdict => ({ clean: false, reason });

/** A name may be written with hexadecimal codes, `/J#61vaScript`: the same name (ISO 32000-2 section 7.3.5). */
function plainNames(text: string): string {
  return text.replace(/#([0-9A-Fa-f]{2})/g, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Whether the chunks of a PNG follow each other up to IEND, and nothing comes after it. */
function endsPng(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  while (at + 12 <= view.length) {
    const next = at + 12 + view.readUInt32BE(at);
    if (view.toString('latin1', at + 4, at + 8) === 'IEND') return next === view.length;
    at = next;
  }
  return false;
}
