/** Whether the text is the base64url of a JSON object with one of these members. */
export function isEncodedObject(text: string, members: readonly string[]): boolean {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return typeof decoded === 'object' && decoded !== null && members.some((member) => member in decoded);
  } catch {
    return false;
  }
}
