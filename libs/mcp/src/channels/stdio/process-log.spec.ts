import { describe, expect, it } from 'vitest';
import { ProcessLog } from './process-log.js';

function logged(secrets: readonly string[], ...chunks: readonly string[]): string[] {
  const lines: string[] = [];
  const log = new ProcessLog(secrets, (line) => lines.push(line));
  for (const chunk of chunks) log.feed(Buffer.from(chunk));
  return lines;
}

describe(ProcessLog.name, () => {
  it('should mask a secret of several lines in each of them', () => {
    const key = '-----BEGIN-----\nfirst-half\r\nsecond-half\n-----END-----';
    expect(logged([key], `the key is ${key}\n`).join('\n')).not.toMatch(/half/);
  });

  it('should mask a secret with characters that are not written down', () => {
    expect(logged(['one\u001b[1mtwo\u200bthree'], 'a one\u001b[1mtwo\u200bthree b\n')).toEqual(['a *** b']);
  });

  it('should mask the longer of two secrets that begin alike', () => {
    expect(logged(['secret', 'secret-and-more'], 'secret-and-more\n')).toEqual(['***']);
  });
});
