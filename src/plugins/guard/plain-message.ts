import type { JsonObject, JsonScan } from '#libs/mcp';

/** What a message can carry. */
export const PARTS = ['params', 'result', 'error'] as const;
type Part = (typeof PARTS)[number];

const HEAD = ['id', 'method'] as const;
const MEMBERS: ReadonlySet<string> = new Set(['jsonrpc', ...HEAD, ...PARTS]);

/** Whether it has no members but those of JSON-RPC, which guardrails are shown. */
export const isPlain = (message: JsonObject): boolean => Object.keys(message).every((name) => MEMBERS.has(name));

/** The message without what JSON-RPC has no member for, each value as it is written. @param put another value, JSON text */
export function plainMessage(bytes: Buffer, scan: JsonScan, put: Readonly<Partial<Record<Part, string>>> = {}): Buffer {
  const members = [...HEAD, ...PARTS].flatMap((name) => {
    const span = scan[name];
    const value = name in put ? put[name as Part] : span && bytes.toString('utf8', span.start, span.end);
    return value === undefined ? [] : [`"${name}":${value}`];
  });
  return Buffer.from(`{${['"jsonrpc":"2.0"', ...members].join(',')}}`);
}
