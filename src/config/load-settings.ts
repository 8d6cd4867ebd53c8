import type { AnySettings } from './settings.js';
import type { Environment } from './environment.js';

/** Thrown once, with one line for each fault. */
export class SettingsError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The settings have ${faults.length} fault(s):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

// Families in which a misspelt name would silently switch a protection off.
const GUARDED_FAMILIES = /^(SSRF|JWT|MCPGATEWAY|AUTH|PASSWORD|ARGON2ID|REQUIRE|ALLOWED|TRUST|TRUSTED)_/;
// Kubernetes puts service links such as REDIS_PORT_6379_TCP_ADDR into every pod.
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)$/;

/** Reads every class from the environment; all faults together, or none. */
export function loadSettings(classes: readonly AnySettings[], environment: Environment): Map<AnySettings, object> {
  const faults: string[] = [];
  const loaded = new Map<AnySettings, object>();
  const known = new Set<string>();
  for (const type of classes) {
    const values: Record<string, unknown> = {};
    const before = faults.length;
    for (const [key, setting] of Object.entries(type.shape)) {
      const names = [setting.env, ...setting.aliases];
      for (const name of names) known.add(name);
      const name = names.find((candidate) => environment.get(candidate) !== undefined);
      values[key] = setting.fallback;
      if (name === undefined) {
        if (setting.required)
          faults.push(`${setting.env} is required; set it to random text, for example from \`openssl rand -hex 32\``);
        continue;
      }
      try {
        values[key] = setting.read(environment.get(name) ?? '');
      } catch (error) {
        faults.push(`${name} ${(error as Error).message}`);
      }
    }
    if (faults.length === before) faults.push(...type.check(values as never, loaded));
    loaded.set(type, new type(values as never));
  }
  faults.push(...unknownNames(environment, known));
  if (faults.length > 0) throw new SettingsError(faults);
  return loaded;
}

function unknownNames(environment: Environment, known: ReadonlySet<string>): string[] {
  const inFile = environment.fileNames().filter((name) => !known.has(name));
  const inProcess = environment
    .processNames()
    .filter((name) => !known.has(name) && GUARDED_FAMILIES.test(name) && !SERVICE_LINK.test(name));
  return [...new Set([...inFile, ...inProcess])].map((name) => {
    const near = [...known].find((candidate) => distance(candidate, name) <= 2);
    return `${name} is not a setting of Portcullis${near ? `; did you mean ${near}?` : ''}`;
  });
}

function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 3;
}
