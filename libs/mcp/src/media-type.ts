/** Whether a Content-Type names JSON. Parameters are allowed: the bytes are checked to be UTF-8, whatever they claim. */
export function isJsonContentType(header: string | undefined): boolean {
  return header === 'application/json' || (header !== undefined && essence(header) === 'application/json');
}

/** Whether an Accept header admits JSON answers. An absent one admits everything. */
export function acceptsJson(accept: string | undefined): boolean {
  return accepts(accept, 'application', 'application/json');
}

/** Whether an Accept header admits SSE answers. An absent one admits everything. */
export function acceptsEventStream(accept: string | undefined): boolean {
  return accepts(accept, 'text', 'text/event-stream');
}

/** RFC 9110: the most specific range that matches decides, and `q=0` means no. */
function accepts(accept: string | undefined, type: string, mediaType: string): boolean {
  if (accept === undefined || accept === '' || accept === '*/*') return true;
  let rank = 0;
  let accepted = false;
  for (const range of accept.split(',')) {
    const found = rankOf(essence(range), type, mediaType);
    if (found > rank) {
      rank = found;
      accepted = !/;\s*q\s*=\s*0(?:\.0*)?\s*(?:;|$)/i.test(range);
    }
  }
  return accepted;
}

function rankOf(range: string, type: string, mediaType: string): number {
  if (range === mediaType) return 3;
  if (range === `${type}/*`) return 2;
  return range === '*/*' ? 1 : 0;
}

function essence(header: string): string {
  const semicolon = header.indexOf(';');
  return (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase();
}
