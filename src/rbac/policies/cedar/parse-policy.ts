import {
  type DetailedError,
  type PolicyJson,
  policySetTextToParts,
  policyToJson,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { type PolicyReach, reachOf } from './policy-reach.js';
import { POLICY_SCHEMA } from './policy-schema.js';
import { collectReads, UnreadablePolicyError } from './policy-walk.js';
import { Reads } from './reads.js';

/** A policy that may be asked. */
export interface ParsedPolicy {
  readonly text: string;
  readonly json: PolicyJson;
  readonly reach: PolicyReach;
}

/** Each names its line and column where Cedar does. */
export interface PolicyFaults {
  readonly faults: readonly string[];
}

const PERMITS =
  'A policy can only forbid: roles grant. Write what must hold beside the role, as in `forbid (…) unless { … };`';
const WHERE = /^(failed to parse polic(y|ies)( with id `\w*`)? from string: |for policy `\w*`, )/;

/** Reads one policy, strictly: what the schema does not know, and what could never forbid anything, is a fault. */
export function parsePolicy(text: string): ParsedPolicy | PolicyFaults {
  const [parsed] = parsePolicies([text]);
  return parsed ?? { faults: [] };
}

/** The same for many at once, for which the schema is read once; in their order. */
export function parsePolicies(texts: readonly string[]): (ParsedPolicy | PolicyFaults)[] {
  const read = texts.map(readPolicy);
  const sound = Object.fromEntries(read.flatMap((policy, at) => ('faults' in policy ? [] : [[`p${at}`, policy.text]])));
  const strange = faultsBySchema(sound);
  return read.map((policy, at) => {
    const faults = strange.get(`p${at}`);
    return faults ? { faults } : policy;
  });
}

/** The policies of a text, each by itself. */
export function splitPolicies(text: string): readonly string[] | PolicyFaults {
  const parts = policySetTextToParts(text);
  return parts.type === 'failure' ? told(parts.errors, text) : [...parts.policies, ...parts.policy_templates];
}

/** All that can be said without the schema. */
function readPolicy(text: string): ParsedPolicy | PolicyFaults {
  const policies = splitPolicies(text);
  if ('faults' in policies) return policies;
  if (policies.length !== 1) return { faults: [`Write one policy; there are ${policies.length}`] };
  const read = policyToJson(text);
  if (read.type === 'failure') return told(read.errors, text);
  const { json } = read;
  if (json.effect === 'permit') return { faults: [PERMITS] };
  try {
    collectReads(json, new Reads());
  } catch (error) {
    if (error instanceof UnreadablePolicyError) return { faults: [error.message] };
    throw error;
  }
  return { text, json, reach: reachOf(json) };
}

/** What is wrong with those of the policies that the schema does not take. @throws Error when none can be checked */
function faultsBySchema(texts: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const checked = validate({ schema: POLICY_SCHEMA, policies: { staticPolicies: { ...texts } } });
  if (checked.type === 'failure') throw new Error(checked.errors.map(({ message }) => message).join('; '));
  const { validationErrors, validationWarnings } = checked;
  return new Map(
    Object.entries(texts).flatMap(([id, text]) => {
      const [errors, warnings] = [validationErrors, validationWarnings].map((found) =>
        found.filter(({ policyId }) => policyId === id).map(({ error }) => error),
      );
      const found = errors?.length ? errors : warnings;
      return found?.length ? [[id, told(found, text).faults] as const] : [];
    }),
  );
}

const told = (errors: readonly DetailedError[], text: string): PolicyFaults => ({
  faults: [...new Set(errors.map((error) => toldOf(error, text)))],
});

function toldOf({ message, help, sourceLocations }: DetailedError, text: string): string {
  const [at] = sourceLocations ?? [];
  const where = at ? `${placeOf(text, at.start)}: ` : '';
  return `${where}${message.replace(WHERE, '')}${help === null ? '' : ` (${help})`}`;
}

/** @param start in bytes of UTF-8 */
function placeOf(text: string, start: number): string {
  const lines = Buffer.from(text).subarray(0, start).toString('utf8').split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
