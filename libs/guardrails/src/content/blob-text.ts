import { isUtf8 } from 'node:buffer';

const CONTROL = /[^\P{Control}\t\n\r\f]/u;
/** C1, which are letters and signs in the code pages of Windows. */
const LOW_CONTROL = /(?![\u0080-\u009f])[^\P{Control}\t\n\r\f]/u;
/** Bytes that tell most files that are no text. */
const FIRST = 1024;

/**
 * The text of a file: in UTF-8, in UTF-16 with its mark, or in an encoding of one byte a letter. Images, archives and
 * the like have controls in their first bytes.
 * @param isFile it is too long to be anything else that is base64 by its letters, such as a token
 */
export function blobText(bytes: Buffer, isFile: boolean): string | undefined {
  if (isUtf8(bytes)) {
    const text = bytes.toString('utf8');
    return isFile || !CONTROL.test(text) ? text : undefined;
  }
  if (!isFile) return undefined;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff)
    return new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be').decode(bytes);
  if (LOW_CONTROL.test(bytes.toString('latin1', 0, FIRST))) return undefined;
  const text = bytes.toString('latin1');
  return LOW_CONTROL.test(text) ? undefined : text;
}
