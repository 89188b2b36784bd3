/** Class names from parts, leaving out what does not apply. */
export function names(...parts: (string | false | null | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
