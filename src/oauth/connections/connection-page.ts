import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Answer } from '../../http/answer.js';

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** What a user sees who comes back from an authorization server. Nothing in it is markup but its own. */
export class ConnectionPage extends Answer {
  constructor(
    private readonly status: number,
    private readonly title: string,
    private readonly lines: readonly string[],
  ) {
    super();
  }

  send(response: ServerResponse): void {
    const nonce = randomBytes(16).toString('base64');
    const lines = this.lines.map((line) => `<p>${escaped(line)}</p>`).join('');
    const title = escaped(this.title);
    const body = Buffer.from(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>` +
        `<style nonce="${nonce}">body{font:16px system-ui;margin:4rem auto;max-width:40rem}</style></head>` +
        `<body><h1>${title}</h1>${lines}</body></html>`,
    );
    const policy = `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
    response.setHeader('Content-Security-Policy', policy);
    // The address has the code in it.
    response.setHeader('Referrer-Policy', 'no-referrer');
    response.writeHead(this.status, [
      'Content-Length',
      String(body.length),
      'Content-Type',
      'text/html; charset=utf-8',
    ]);
    response.end(body);
  }
}

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (each) => ESCAPED[each] ?? '');
