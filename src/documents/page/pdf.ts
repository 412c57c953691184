import PDFDocument from 'pdfkit';
import type { Instant } from '../../storage/index.ts';
import { fonts } from './fonts.ts';
import type { PageView } from './page-view.ts';
import { QUIET_ZONE } from './qr.ts';

/** Measures of a page, in points. */
interface Look {
  margin: number;
  label: number;
  small: number;
  text: number;
  title: number;
  code: number;
  gap: number;
}

/** A module of the largest code is 0.6 mm at 72 mm a side and 0.5 mm at 60 mm, and telephones read both from paper. */
const ROOMY: Look = { margin: 56, label: 170, small: 9, text: 11, title: 20, code: 204, gap: 8 };
const TIGHT: Look = { margin: 44, label: 150, small: 8, text: 9.5, title: 16, code: 170, gap: 5 };
const INK = '#1a1a1a';
const QUIET_INK = '#555555';
const MARK_INK = '#b00020';

type Document = InstanceType<typeof PDFDocument>;
type Structure = ReturnType<Document['struct']>;

/** The page as it is being set. */
interface Sheet {
  document: Document;
  root: Structure;
  look: Look;
}

/**
 * The printed page of a document: PDF 1.7, tagged (PDF/UA-1), with its language, a title, a table of what it says, and the QR code with
 * a text for those who cannot see it. One sheet of paper where it fits, set tighter if need be; the code is never on a sheet without
 * the issuer and the number. The same page gives the same bytes, but for the fonts' subset names.
 * @param at the moment that the file says it was made
 * @returns the PDF file
 * @throws Failure DOCUMENTS_FONT
 */
export async function pagePdf(view: PageView, at: Instant): Promise<Buffer> {
  const roomy = await set(view, at, ROOMY);
  if (roomy.sheets === 1) return roomy.pdf;
  const tight = await set(view, at, TIGHT);
  return tight.sheets === 1 ? tight.pdf : roomy.pdf;
}

async function set(view: PageView, at: Instant, look: Look): Promise<{ pdf: Buffer; sheets: number }> {
  const document = new PDFDocument({
    size: 'A4',
    margin: look.margin,
    pdfVersion: '1.7',
    // The types of the library do not list what it offers.
    subset: 'PDF/UA' as never,
    tagged: true,
    bufferPages: true,
    lang: view.language,
    displayTitle: true,
    info: {
      Title: view.mark === undefined ? view.title : `${view.title} (${view.mark})`,
      Author: view.facts[0]?.value ?? view.state,
      CreationDate: new Date(at),
      ModDate: new Date(at),
    },
  });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<void>((resolve, reject) => document.on('end', resolve).on('error', reject));
  const { regular, bold } = fonts();
  document.registerFont('regular', regular).registerFont('bold', bold);
  const root = document.struct('Document');
  document.addStructure(root);
  const sheet = { document, root, look };
  setHead(sheet, view);
  setTable(sheet, view.lines);
  for (const note of view.notes) setParagraph(sheet, note);
  const proof = heightOfTable(sheet, view.facts, look.small) + look.text + look.code + look.gap;
  keepTogether(sheet, proof);
  setTable(sheet, view.facts, look.small);
  setCode(sheet, view);
  root.end();
  const sheets = document.bufferedPageRange().count;
  if (view.mark !== undefined) for (let page = 0; page < sheets; page++) markSheet(document, page, view.mark);
  document.end();
  await done;
  return { pdf: Buffer.concat(chunks), sheets };
}

function setHead({ document, root, look }: Sheet, view: PageView): void {
  const leaf = (tag: string, draw: () => void): void => {
    root.add(document.struct(tag, {}, draw));
  };
  const { mark } = view;
  if (mark !== undefined) {
    leaf('P', () => document.font('bold').fontSize(look.text).fillColor(MARK_INK).text(mark));
    document.moveDown(0.5);
  }
  leaf('P', () => document.font('bold').fontSize(look.text).fillColor(QUIET_INK).text(view.state));
  document.moveDown(0.5);
  leaf('H1', () => document.font('bold').fontSize(look.title).fillColor(INK).text(view.title));
  document.moveDown(1);
}

/** Across the whole sheet, over everything, so that no part of it can be cut out and shown as real. The head says it to who only hears. */
function markSheet(document: Document, page: number, mark: string): void {
  document.switchToPage(page);
  const { width, height } = document.page;
  document.markContent('Artifact', { type: 'Pagination' });
  document.save().rotate(-50, { origin: [width / 2, height / 2] });
  document.font('bold').fillColor(MARK_INK).fillOpacity(0.16);
  const size = (0.95 * height * 12) / document.fontSize(12).widthOfString(mark);
  document.fontSize(Math.min(size, 48));
  const left = (width - document.widthOfString(mark)) / 2;
  for (const shift of [-0.26, 0, 0.26]) {
    document.text(mark, left, height / 2 + shift * height - 24, { lineBreak: false });
  }
  document.restore();
  document.endMarkedContent();
}

function setParagraph(sheet: Sheet, text: string): void {
  const { document, root, look } = sheet;
  keepTogether(sheet, document.font('regular').fontSize(look.text).heightOfString(text));
  root.add(
    document.struct('P', {}, () => document.font('regular').fontSize(look.text).fillColor(INK).text(text, look.margin)),
  );
  document.moveDown(0.7);
}

type Line = PageView['lines'][number];

const valueWidth = ({ document, look }: Sheet): number => document.page.width - 2 * look.margin - look.label;

/** A list, one thing on each line, with dashes: on paper a thing may need two lines. */
const dashed = (value: string): string =>
  value.includes('\n')
    ? value
        .split('\n')
        .map((line) => `– ${line}`)
        .join('\n')
    : value;

function heightOfLine(sheet: Sheet, { label, value }: Line, size: number): number {
  const { document, look } = sheet;
  const labelHeight = document
    .font('regular')
    .fontSize(size)
    .heightOfString(label, { width: look.label - 12 });
  const valueHeight = document
    .font('bold')
    .fontSize(size)
    .heightOfString(dashed(value), { width: valueWidth(sheet) });
  return Math.max(labelHeight, valueHeight) + look.gap;
}

const heightOfTable = (sheet: Sheet, lines: readonly Line[], size: number): number =>
  lines.reduce((sum, line) => sum + heightOfLine(sheet, line, size), 0);

/** Label and value side by side, as rows of a table whose row headers are the labels. */
function setTable(sheet: Sheet, lines: readonly Line[], size: number = sheet.look.text): void {
  if (lines.length === 0) return;
  const { document, root, look } = sheet;
  const table = document.struct('Table');
  root.add(table);
  for (const line of lines) {
    const height = heightOfLine(sheet, line, size);
    keepTogether(sheet, height);
    const top = document.y;
    const cell = (tag: string, font: string, ink: string, text: string, left: number, width: number) =>
      document.struct(tag, {}, () =>
        document.font(font).fontSize(size).fillColor(ink).text(text, left, top, { width }),
      );
    const row = document.struct('TR');
    table.add(row);
    row.add(cell('TH', 'regular', QUIET_INK, line.label, look.margin, look.label - 12));
    row.add(cell('TD', 'bold', INK, dashed(line.value), look.margin + look.label, valueWidth(sheet)));
    row.end();
    document.y = top + height;
  }
  table.end();
  document.x = look.margin;
  document.moveDown(0.7);
}

function setCode({ document, root, look }: Sheet, view: PageView): void {
  const { check, code } = view;
  const top = document.y;
  const scale = look.code / (code.size + 2 * QUIET_ZONE);
  const figure = document.struct('Figure', { alt: check.codeDescription }, () => {
    document
      .save()
      .translate(look.margin + QUIET_ZONE * scale, top + QUIET_ZONE * scale)
      .scale(scale);
    document.path(code.path).fill('black').restore();
  });
  root.add(figure);
  const left = look.margin + look.code + 20;
  const width = document.page.width - look.margin - left;
  root.add(
    document.struct('H2', {}, () =>
      document
        .font('bold')
        .fontSize(look.text)
        .fillColor(INK)
        .text(check.title, left, top + 12, { width }),
    ),
  );
  document.moveDown(0.4);
  root.add(
    document.struct('P', {}, () =>
      document.font('regular').fontSize(look.small).fillColor(INK).text(check.text, left, document.y, { width }),
    ),
  );
}

/** Starts a new page where the next piece would be cut in two. */
function keepTogether({ document, look }: Sheet, height: number): void {
  if (document.y + height > document.page.height - look.margin) document.addPage();
}
