/** What a file can be. */
export type FileKind = 'pdf' | 'png' | 'jpeg';

/** The media type under which a file of a kind is given out. */
export const MEDIA_TYPES: Readonly<Record<FileKind, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpeg: 'image/jpeg',
};

/** First bytes: ISO 32000-2 section 7.5.2; PNG (ISO/IEC 15948) section 5.2; JPEG (ISO/IEC 10918-1) annex B, SOI and a marker. */
const BEGINNINGS: readonly (readonly [FileKind, Buffer])[] = [
  ['pdf', Buffer.from('%PDF-')],
  ['png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
  ['jpeg', Buffer.from([0xff, 0xd8, 0xff])],
];

/**
 * What a file is, told by its content. Its name and what the sender says of it are no argument: a program named `photo.jpg` is none.
 * @returns undefined for anything else
 * @example recognise(Buffer.from('%PDF-1.7\n')) // 'pdf'
 */
export function recognise(bytes: Uint8Array): FileKind | undefined {
  return BEGINNINGS.find(([, beginning]) => beginning.equals(bytes.subarray(0, beginning.length)))?.[0];
}
