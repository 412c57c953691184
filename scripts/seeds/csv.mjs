/** RFC 4180 with the file's own delimiter: a field is quoted when it must be. */
export function csvLine(fields, delimiter) {
  return fields
    .map((field) => {
      const text = String(field ?? '');
      return text.includes(delimiter) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(delimiter);
}
