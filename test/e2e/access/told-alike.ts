import type { Persona } from './personas.js';
import type { Request, World } from './world.js';

/** What differs from call to call. */
const HEADERS_OF_A_CALL = /^(date|x-correlation-id|content-length|etag|x-ratelimit-.*|set-cookie)$/;

/** All of an answer that two callers could compare. */
export interface Told {
  readonly status: number;
  readonly headers: readonly string[];
  readonly text: string;
}

/** @param words that the answer may repeat: each becomes `{id}` */
export async function tell(world: World, asker: Persona, request: Request, ...words: string[]): Promise<Told> {
  const { status, headers, text } = await world.told(asker, request);
  return {
    status,
    headers: [...headers].filter(([name]) => !HEADERS_OF_A_CALL.test(name)).map((pair) => pair.join(': ')),
    text: words
      .reduce((all, word) => all.replaceAll(word, '{id}'), text)
      .replaceAll(/"(correlation_id|checked_at)":"[^"]*"/g, ''),
  };
}
