import { MCP_PERMISSIONS, type Permission } from '#libs/policy';
import { describe, expect, it } from 'vitest';
import { LISTS } from './list-pages.js';
import { FORWARDED } from './targets.js';

describe('the permissions of MCP methods', () => {
  it('are those that tokens of external issuers may have', () => {
    const asked = [...LISTS.values(), ...FORWARDED.values()].flatMap((method): readonly Permission[] =>
      'permissions' in method ? method.permissions : [method.permission],
    );
    expect(new Set(asked)).toEqual(new Set(MCP_PERMISSIONS));
  });
});
