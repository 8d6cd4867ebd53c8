import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Egress, EgressError } from '#libs/egress';
import { sseUrl, stdioUrl, type UpstreamTarget, variableHeaders } from '#libs/mcp';
import { PluginConfigError } from '../../plugin-definition.js';
import type { ExternalMcpDto } from './external.settings.js';

/** What may run a script, in the order in which it is looked for; STDIO_ALLOWED_COMMANDS has to have it. */
const INTERPRETERS: Readonly<Record<string, readonly string[]>> = {
  '.py': ['/usr/bin/python3', '/usr/local/bin/python3', '/usr/bin/python', '/usr/local/bin/python'],
  '.sh': ['/bin/sh', '/bin/bash', '/usr/bin/sh', '/usr/bin/bash'],
};
const HEADER = /^[\w!#$%&'*+.^`|~-]{1,128}$/;
const HEADER_VALUE = /^[\x20-\x7e\t]{0,8192}$/;
const VARIABLE = /^[A-Za-z_]\w{0,127}$/;

/**
 * Where the server of a plugin is, as upstreams are.
 * @throws PluginConfigError
 */
export function targetOf(name: string, mcp: ExternalMcpDto, egress: Egress): UpstreamTarget {
  const id = `plugin ${name}`;
  if (mcp.proto === 'STDIO') {
    const { key, url } = processUrl(mcp, egress);
    check(egress, url, key);
    return { id, url, headers: variableHeaders(texts('env', mcp.env, VARIABLE, /^[^\0]{0,8192}$/)), eraPin: 'legacy' };
  }
  if (mcp.url === undefined || mcp.url === null) throw new PluginConfigError([`mcp.url must be set for ${mcp.proto}`]);
  const sse = mcp.proto === 'SSE';
  const url = sse ? sseUrl(new URL(mcp.url)) : new URL(mcp.url);
  check(egress, url, 'url');
  const headers = texts('headers', mcp.headers, HEADER, HEADER_VALUE);
  return { id, url, headers, ...(sse && { eraPin: 'legacy' }) };
}

function processUrl({ script, cmd, args, cwd }: ExternalMcpDto, egress: Egress): { key: string; url: URL } {
  const [program, ...first] = cmd ?? [];
  if (script === undefined || script === null) {
    if (program === undefined) throw new PluginConfigError(['mcp.cmd or mcp.script must be set for STDIO']);
    return { key: 'cmd', url: stdioUrl({ command: program, args: [...first, ...(args ?? [])] }) };
  }
  const interpreters = INTERPRETERS[/\.(py|sh)$/.exec(script)?.[0] ?? ''];
  if (!interpreters) throw new PluginConfigError(['mcp.script must end in .py or .sh']);
  const path = resolve(cwd ?? '.', script);
  if (!existsSync(path)) throw new PluginConfigError(['mcp.script names a file that is not there']);
  const urlWith = (command: string): URL => stdioUrl({ command, args: [...first, path, ...(args ?? [])] });
  if (program !== undefined) return { key: 'cmd', url: urlWith(program) };
  const urls = interpreters.map(urlWith);
  return { key: 'script', url: urls.find((url) => mayCall(egress, url)) ?? urlWith(interpreters[0] ?? '') };
}

function mayCall(egress: Egress, url: URL): boolean {
  try {
    egress.check(url);
    return true;
  } catch {
    return false;
  }
}

function check(egress: Egress, url: URL, key: string): void {
  try {
    egress.check(url);
  } catch (error) {
    throw error instanceof EgressError ? new PluginConfigError([`mcp.${key}: ${error.message}`]) : error;
  }
}

function texts(
  key: string,
  given: Readonly<Record<string, unknown>> | null | undefined,
  names: RegExp,
  values: RegExp,
): Record<string, string> {
  const all = Object.entries(given ?? {});
  const faults = all
    .filter(([name, value]) => !names.test(name) || typeof value !== 'string' || !values.test(value))
    .map(([name]) => `mcp.${key} has ${JSON.stringify(name.slice(0, 128))}, whose name or value can't be sent`);
  if (faults.length > 0) throw new PluginConfigError(faults);
  return Object.fromEntries(all) as Record<string, string>;
}
