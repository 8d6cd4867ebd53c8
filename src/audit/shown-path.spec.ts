import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { shownPath } from './shown-path.js';

describe(shownPath.name, () => {
  it.each([
    ['/tools', '/tools'],
    ['/tools?token=abc', '/tools'],
    ['/?a=/b', '/'],
    [`/servers/${'9'.repeat(36)}/mcp`, `/servers/${'9'.repeat(36)}/mcp`],
    [`/teams/x/members/${'a'.repeat(60)}@example.com`, `/teams/x/members/${'a'.repeat(60)}@example.com`],
    [`/teams/x/members/${'a'.repeat(60)}%40example.com`, `/teams/x/members/${'a'.repeat(60)}%40example.com`],
  ])('shows %s as %s', (url, shown) => {
    expect(shownPath(url)).toBe(shown);
  });

  it('hides one-time tokens, however they are spelled', () => {
    const token = randomBytes(32).toString('base64url');
    const escaped = token.replaceAll(/./g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
    for (const spelling of [token, escaped, `${escaped.slice(0, 3)}${token.slice(1)}`]) {
      expect(shownPath(`/teams/invitations/${spelling}/accept?x=1`)).toBe('/teams/invitations/*****/accept');
      expect(shownPath(`/reset/${spelling}`)).toBe('/reset/*****');
    }
  });
});
