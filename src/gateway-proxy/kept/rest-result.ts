import { isUtf8 } from 'node:buffer';
import type { BufferedAnswer } from '#libs/egress';
import { isJsonContentType, isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';
import { JsonPath, JsonPathFault } from '../../registry/items/kept-tools/json-path.js';

const MAX_DEPTH = 100;

/** The result of a tool call as MCP has it. */
export interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly structuredContent?: JsonObject;
  readonly isError?: true;
}

/** What an answer is read with. */
export interface Reading {
  readonly jsonpathFilter: string | null;
  /** The tool promises objects. */
  readonly structured: boolean;
}

export const errorResult = (text: string): ToolResult => ({ content: [{ type: 'text', text }], isError: true });

/** The answer of a kept tool's address as a result. Its headers go no further, nor does what it says with an error. */
export function restResult({ status, headers, body }: BufferedAnswer, reading: Reading): ToolResult {
  if (status >= 400) return errorResult(`The tool answered with HTTP ${status}`);
  if (status >= 300) return errorResult(`The tool answered with HTTP ${status}; redirects are not followed`);
  const encoding = textOf(headers['content-encoding']);
  if (encoding !== undefined && encoding !== 'identity')
    return errorResult('The tool answered in an encoding that was not asked for');
  if (!isUtf8(body)) return errorResult('The tool answered with something that is no text');
  if (isJson(textOf(headers['content-type'])) && body.length > 0) return jsonResult(body, reading);
  if (reading.structured || reading.jsonpathFilter !== null)
    return errorResult('The tool answered with something that is not JSON');
  return { content: [{ type: 'text', text: body.toString('utf8') }] };
}

function jsonResult(body: Buffer, { jsonpathFilter, structured }: Reading): ToolResult {
  const parsed = parseBounded(body, MAX_DEPTH);
  if (typeof parsed === 'string') return errorResult(`The tool answered with JSON that is not passed on (${parsed})`);
  // Unfiltered, the text goes on as it came: parsing would round long numbers.
  if (jsonpathFilter === null) return resultOf(parsed.value, body.toString('utf8'), structured);
  try {
    const filter = JsonPath.parse(jsonpathFilter);
    const found = JsonPath.bounded(() => filter.select(parsed.value)) ?? null;
    return resultOf(found, JSON.stringify(found), structured);
  } catch (error) {
    if (error instanceof JsonPathFault) return errorResult(`The jsonpath_filter of the tool ${error.message}`);
    throw error;
  }
}

function resultOf(value: unknown, text: string, structured: boolean): ToolResult {
  const content = [{ type: 'text', text } as const];
  if (isJsonObject(value)) return { content, structuredContent: value };
  return structured
    ? errorResult('The tool answered with something that its outputSchema does not allow')
    : { content };
}

const isJson = (type: string | undefined): boolean =>
  isJsonContentType(type) || (type !== undefined && /^[\w.+-]+\/[\w.+-]+\+json\s*(;|$)/i.test(type));

const textOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(',') : header;
