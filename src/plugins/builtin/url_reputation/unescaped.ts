/** Percent-encoding undone once; text that has none, or a broken one, stays as it is. */
export function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
