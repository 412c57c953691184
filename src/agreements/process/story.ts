/** A story with numbers, and what it comes to. */
export function told(steps: readonly string[], end: string): string[] {
  return [...steps, end].map((step, index) => `${index + 1}. ${step}`);
}
