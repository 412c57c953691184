/** What people quote on the telephone: the last ten characters of the id, in two groups. */
export function shortReference(id: string): string {
  const plain = id.replaceAll('-', '').toUpperCase();
  return `${plain.slice(-10, -5)}-${plain.slice(-5)}`;
}
