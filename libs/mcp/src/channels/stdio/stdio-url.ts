/** What a process is started with. */
export interface StdioCommand {
  /** Absolute path. */
  readonly command: string;
  readonly args: readonly string[];
}

export const STDIO = 'stdio:';
const VARIABLE = 'stdio-variable-';

/** A command as the URL of an upstream: it is kept, compared and shown like any other. */
export function stdioUrl({ command, args }: StdioCommand): URL {
  const url = new URL(`${STDIO}//${command.split('/').map(encodeURIComponent).join('/')}`);
  for (const arg of args) url.searchParams.append('arg', arg);
  return url;
}

export function stdioCommand(url: URL): StdioCommand {
  return { command: decodeURIComponent(url.pathname), args: url.searchParams.getAll('arg') };
}

/**
 * Environment variables as the credential headers of an upstream; none of them ever leaves over HTTP. Of a header of two
 * words the second is taken for a secret wherever credentials are masked.
 */
export function variableHeaders(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value], index) => [`${VARIABLE}${index}`, `${name} ${value}`]),
  );
}

export function variablesIn(headers: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(headers).filter(([header]) => header.startsWith(VARIABLE));
  return Object.fromEntries(
    pairs.map(([, pair]) => [pair.slice(0, pair.indexOf(' ')), pair.slice(pair.indexOf(' ') + 1)]),
  );
}
