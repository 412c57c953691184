import PDFDocument from 'pdfkit';
import type { Instant } from '../../storage/index.ts';
import { fonts } from './fonts.ts';
import type { PageView } from './page-view.ts';
import { QUIET_ZONE } from './qr.ts';

const MARGIN = 56;
const LABEL_WIDTH = 170;
/** 72 mm: a module of the largest code is then still 0.6 mm, which telephones read from paper. */
const CODE_SIDE = 204;
const SIZES = { small: 9, text: 11, title: 20 } as const;
const INK = '#1a1a1a';
const QUIET_INK = '#555555';

type Document = InstanceType<typeof PDFDocument>;

/**
 * The printed page of a document: PDF 1.7, tagged (PDF/UA-1), with its language, a title, a table of what it says, and the QR code with
 * a text for those who cannot see it. The same page gives the same bytes, but for the fonts' subset names.
 * @param at the moment that the file says it was made
 * @returns the PDF file
 * @throws Failure DOCUMENTS_FONT
 */
export async function pagePdf(view: PageView, at: Instant): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    margin: MARGIN,
    pdfVersion: '1.7',
    // The types of the library do not list what it offers.
    subset: 'PDF/UA' as never,
    tagged: true,
    lang: view.language,
    displayTitle: true,
    info: {
      Title: view.title,
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
  setHead(document, root, view);
  setTable(document, root, view.lines);
  for (const note of view.notes) setParagraph(document, root, note);
  setTable(document, root, view.facts, SIZES.small);
  setCode(document, root, view);
  root.end();
  document.end();
  await done;
  return Buffer.concat(chunks);
}

type Structure = ReturnType<Document['struct']>;

function setHead(document: Document, root: Structure, view: PageView): void {
  const leaf = (tag: string, draw: () => void): void => {
    root.add(document.struct(tag, {}, draw));
  };
  leaf('P', () => document.font('bold').fontSize(SIZES.text).fillColor(QUIET_INK).text(view.state));
  document.moveDown(0.5);
  leaf('H1', () => document.font('bold').fontSize(SIZES.title).fillColor(INK).text(view.title));
  document.moveDown(1);
}

function setParagraph(document: Document, root: Structure, text: string): void {
  keepTogether(document, document.font('regular').fontSize(SIZES.text).heightOfString(text));
  root.add(
    document.struct('P', {}, () => document.font('regular').fontSize(SIZES.text).fillColor(INK).text(text, MARGIN)),
  );
  document.moveDown(0.7);
}

/** Label and value side by side, as rows of a table whose row headers are the labels. */
function setTable(document: Document, root: Structure, lines: PageView['lines'], size: number = SIZES.text): void {
  if (lines.length === 0) return;
  const table = document.struct('Table');
  root.add(table);
  const valueWidth = document.page.width - 2 * MARGIN - LABEL_WIDTH;
  for (const { label, value } of lines) {
    const labelHeight = document
      .font('regular')
      .fontSize(size)
      .heightOfString(label, { width: LABEL_WIDTH - 12 });
    const valueHeight = document.font('bold').fontSize(size).heightOfString(value, { width: valueWidth });
    const height = Math.max(labelHeight, valueHeight) + 8;
    keepTogether(document, height);
    const top = document.y;
    const row = document.struct('TR');
    table.add(row);
    row.add(
      document.struct('TH', {}, () =>
        document
          .font('regular')
          .fontSize(size)
          .fillColor(QUIET_INK)
          .text(label, MARGIN, top, { width: LABEL_WIDTH - 12 }),
      ),
    );
    row.add(
      document.struct('TD', {}, () =>
        document
          .font('bold')
          .fontSize(size)
          .fillColor(INK)
          .text(value, MARGIN + LABEL_WIDTH, top, { width: valueWidth }),
      ),
    );
    row.end();
    document.y = top + height;
  }
  table.end();
  document.x = MARGIN;
  document.moveDown(0.7);
}

function setCode(document: Document, root: Structure, view: PageView): void {
  const { check, code } = view;
  keepTogether(document, CODE_SIDE + 8);
  const top = document.y;
  const scale = CODE_SIDE / (code.size + 2 * QUIET_ZONE);
  const figure = document.struct('Figure', { alt: check.codeDescription }, () => {
    document
      .save()
      .translate(MARGIN + QUIET_ZONE * scale, top + QUIET_ZONE * scale)
      .scale(scale);
    document.path(code.path).fill('black').restore();
  });
  root.add(figure);
  const left = MARGIN + CODE_SIDE + 20;
  const width = document.page.width - MARGIN - left;
  root.add(
    document.struct('H2', {}, () =>
      document
        .font('bold')
        .fontSize(SIZES.text)
        .fillColor(INK)
        .text(check.title, left, top + 12, { width }),
    ),
  );
  document.moveDown(0.4);
  root.add(
    document.struct('P', {}, () =>
      document.font('regular').fontSize(SIZES.small).fillColor(INK).text(check.text, left, document.y, { width }),
    ),
  );
}

/** Starts a new page where the next piece would be cut in two. */
function keepTogether(document: Document, height: number): void {
  if (document.y + height > document.page.height - MARGIN) document.addPage();
}
