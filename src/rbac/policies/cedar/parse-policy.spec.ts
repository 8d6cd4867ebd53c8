import { checkParseSchema } from '@cedar-policy/cedar-wasm/nodejs';
import { PERMISSIONS } from '#libs/policy';
import { describe, expect, it } from 'vitest';
import { parsePolicy } from './parse-policy.js';
import { GOVERNED, POLICY_SCHEMA } from './policy-schema.js';

const faultsOf = (text: string): readonly string[] => {
  const read = parsePolicy(text);
  return 'faults' in read ? read.faults : [];
};
const reach = (text: string): string => {
  const read = parsePolicy(text);
  if ('faults' in read) throw new Error(read.faults.join('; '));
  const { actions, resourceTypes } = read.reach;
  return `${[...actions].sort().join(' ')} on ${[...resourceTypes].sort().join(' ')}`;
};

describe('the schema of policies', () => {
  it('is one', () => expect(checkParseSchema(POLICY_SCHEMA)).toEqual({ type: 'success' }));

  it('has every permission but those over policies themselves', () => {
    const all = Object.keys(PERMISSIONS);
    expect(all.filter((permission) => !(GOVERNED as readonly string[]).includes(permission))).toEqual(
      all.filter((permission) => permission.startsWith('policies.')),
    );
    for (const action of GOVERNED) expect(POLICY_SCHEMA).toContain(`action "${action}" in`);
  });
});

describe(parsePolicy.name, () => {
  it.each([
    ['forbid (principal, action == Action::"tools.execute", resource is Tool);', 'tools.execute on Tool'],
    [
      'forbid (principal, action in Action::"prompts", resource is Prompt);',
      'prompts.create prompts.delete prompts.read prompts.update on Prompt',
    ],
    [
      'forbid (principal, action in [Action::"execute", Action::"tools.update"], resource is Tool);',
      'tools.execute tools.update on Tool',
    ],
  ])('knows what %s is about', (text, about) => expect(reach(text)).toBe(about));

  it('can forbid everything but what would undo it', () => {
    expect(reach('forbid (principal, action, resource);')).toBe(
      `${[...GOVERNED].sort().join(' ')} on Gateway Platform Prompt Resource Server Tool`,
    );
  });

  it.each([
    ['permit (principal, action, resource);', 'A policy can only forbid: roles grant.'],
    ['forbid (principal, action, resource)', 'line 1, column'],
    ['forbid (principal, action, resource)\n  whn { true };', 'line 2, column 3: invalid policy condition: whn'],
    ['', 'Write one policy; there are 0'],
    ['// nothing', 'Write one policy; there are 0'],
    ['forbid (principal, action, resource); forbid (principal, action, resource);', 'there are 2'],
    ['forbid (principal == ?principal, action, resource);', 'template'],
    ['forbid (principal, action == Action::"policies.delete", resource);', 'unrecognized action'],
    ['forbid (principal, action == Action::"tools.exec", resource);', 'unrecognized action `Action::"tools.exec"`'],
    ['forbid (principal, action, resource is Tool) when { resource.colour == "red" };', 'attribute `colour`'],
    ['forbid (principal, action, resource is Tool) when { resource.name };', 'line 1, column 53: unexpected type'],
    ['forbid (principal, action, resource is Tool) when { resource.readOnlyHint };', 'optional attribute'],
    ['forbid (principal, action, resource) when { context.address.isLoopback() };', 'optional attribute'],
    ['forbid (principal, action, resource is Tool) when { ip(resource.name).isIpv4() };', 'non-literal'],
    ['forbid (principal, action, resource) when { false };', 'impossible'],
    ['forbid (principal is Team, action, resource);', 'unable to find an applicable action'],
    ['forbid (principal, action, resource) when { unknown("x") };', 'unknown'],
    ['forbid (principal, action, resource) when { [principal].contains(principal) };', 'principal can be read by'],
    ['forbid (principal, action, resource) when { {c: context}.c.hour > 3 };', 'context can be read by'],
    ['forbid (principal, action, resource) when { context.arguments == context.arguments };', 'hasTag and getTag'],
    [
      'forbid (principal, action, resource is Tool) when { context.arguments.hasTag(resource.name) };',
      'the path of an argument must be written out',
    ],
    ['forbid (principal, action, resource is Tool) when { context.arguments.hasTag("a\\\\b") };', 'written out'],
    [
      'forbid (principal, action, resource is Tool) when { resource has owner && resource.owner in Team::"a" };',
      'only principal, resource and action',
    ],
    [
      'forbid (principal, action, resource is Tool) when { resource has owner && resource.owner.admin };',
      'only the email',
    ],
  ])('refuses %s', (text, fault) => expect(faultsOf(text).join('; ')).toContain(fault));

  it('counts columns in characters, not in bytes', () => {
    expect(faultsOf('forbid (principal, action, resource) when { "äöü" == principal.emial };').join()).toContain(
      'line 1, column 54',
    );
  });
});
