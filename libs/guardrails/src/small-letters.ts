/** Whether a text is letters from a to z alone, as most words and names are: lower case costs a call that is spared then. */
export function isSmall(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 97 || code > 122) return false;
  }
  return true;
}
