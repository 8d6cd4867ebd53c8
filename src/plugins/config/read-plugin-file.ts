import { isJsonObject } from '#libs/mcp';
import { LineCounter, parse, parseDocument, Scalar, visit } from 'yaml';
import type { Environment } from '../../config/environment.js';
import { PluginConfigError } from '../plugin-definition.js';
import { PluginFileDto } from './plugin-file.dto.js';
import { validated } from './validated.js';

/** Longest file, characters. */
const LONGEST = 1_000_000;
const TAG = /\{\{(?<said>[^{}]*)\}\}|\{%|\{#/g;
/** `env.NAME`, `env['NAME']`, each also with `| default(…)` of a text or of another of these: nothing else is evaluated. */
const EXPRESSION =
  /^\s*env(?:\.(?<name>\w+)|\[(?<quote>["'])(?<key>\w+)\k<quote>\])\s*(?:\|\s*default\((?<otherwise>.*)\)\s*)?$/s;
const DEFAULT = /^\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>true|false|-?\d+(?:\.\d+)?))\s*(?:,\s*true\s*)?$/;
/** Defaults within defaults. */
const DEEPEST = 5;
/** What a template of messages says of an event, for the plugin that sends it. */
const OF_EVENTS =
  /^\s*(?:event|plugin_name|timestamp|request_id|user|tenant_id|server_id|(?:violation|metadata|payload)(?:\.\w+)*)\s*$/;
const MARK = /\u{F0000}(\d+)\u{F0001}/gu;

/**
 * The file of plugins, with `{{ env.NAME }}` filled in. What a variable holds is put into the parsed text, so it can't add
 * keys or plugins.
 * @throws PluginConfigError with one line for each fault
 */
export function readPluginFile(text: string, environment: Environment): PluginFileDto {
  if (text.length > LONGEST) throw new PluginConfigError([`the file is longer than ${LONGEST} characters`]);
  const values: string[] = [];
  const faults: string[] = [];
  const marked = text.replaceAll(TAG, (tag: string, said: string | undefined, at: number) => {
    if (said !== undefined && OF_EVENTS.test(said)) return tag;
    const line = text.slice(0, at).split('\n').length;
    const value = said === undefined ? undefined : valueOf(said, environment);
    if (value === undefined)
      faults.push(`line ${line}: ${tag.slice(0, 80)} is not {{ env.NAME }} or {{ env.NAME | default("…") }}`);
    else if (value === null)
      faults.push(`line ${line}: the variable of ${tag.slice(0, 80)} is not set and has no default`);
    return `\u{F0000}${values.push(value ?? '') - 1}\u{F0001}`;
  });
  if (faults.length > 0) throw new PluginConfigError(faults);
  return validated(PluginFileDto, withoutNull(parsed(marked, values) ?? {}), '');
}

/** A key without a value is as if it were not there. */
const withoutNull = (file: unknown): unknown =>
  isJsonObject(file) ? Object.fromEntries(Object.entries(file).filter(([, value]) => value !== null)) : file;

/** Null for a variable that is not set; undefined for what is no expression of ours. */
function valueOf(said: string, environment: Environment, depth = 0): string | null | undefined {
  const found = EXPRESSION.exec(said)?.groups;
  if (!found || depth > DEEPEST) return undefined;
  const { name, key, otherwise } = found;
  const value = environment.get(name ?? key ?? '');
  if (otherwise === undefined) return value ?? null;
  const literal = DEFAULT.exec(otherwise)?.groups;
  const fallback = literal
    ? (literal['double'] ?? literal['single'] ?? literal['bare'] ?? '')
    : valueOf(otherwise, environment, depth + 1);
  return fallback === undefined ? undefined : (value ?? fallback);
}

function parsed(text: string, values: readonly string[]): unknown {
  const lines = new LineCounter();
  // Anchors that name themselves over and over would outgrow memory.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  if (document.errors.length > 0)
    throw new PluginConfigError(
      document.errors.map(({ pos: [at], message }) => `line ${lines.linePos(at).line}: ${message}`),
    );
  const filled = (marked: string): string => marked.replaceAll(MARK, (_, index: string) => values[Number(index)] ?? '');
  visit(document, {
    Scalar: (key, node) => {
      if (typeof node.value !== 'string' || !MARK.test(node.value)) return;
      MARK.lastIndex = 0;
      const value = filled(node.value);
      // As it would be without the template: `true` is a boolean, `"true"` is not.
      const plain = node.type === Scalar.PLAIN && key !== 'key';
      node.value = plain ? scalarOf(value) : value;
    },
  });
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) throw new PluginConfigError([error.message]);
    throw error;
  }
}

function scalarOf(value: string): unknown {
  try {
    const read: unknown = parse(value);
    return typeof read === 'object' && read !== null ? value : read;
  } catch {
    return value;
  }
}
