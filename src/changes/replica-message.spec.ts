import { describe, expect, it } from 'vitest';
import type { Change } from './change-bus.js';
import { readMessage, type ReplicaMessage, writeMessage } from './replica-message.js';

const CHANGES: readonly Change[] = [
  { kind: 'token_revoked', jti: 'j-1' },
  { kind: 'token_changed', jti: 'j-1' },
  { kind: 'user_changed', userId: 'u-1' },
  { kind: 'session_ended', sessionId: 's-1' },
  { kind: 'registry_changed' },
  { kind: 'mcp_session_changed', mcpSessionId: 'm-1' },
  { kind: 'mail_put', address: 'a-1' },
  { kind: 'signing_keys_changed' },
  { kind: 'signing_key_revoked', kid: 'k-1' },
  { kind: 'anything_changed' },
];
const ANYTHING = [{ kind: 'anything_changed' }];

const heard = (change: unknown): unknown =>
  readMessage(JSON.stringify({ from: 'other', says: 'changes', changes: [change] }));

describe(readMessage.name, () => {
  it.each<ReplicaMessage>([
    { from: 'a-1', says: 'tick' },
    { from: 'a-1', says: 'bye' },
    { from: 'a-1', says: 'changes', changes: CHANGES },
  ])('reads what was written: $says', (message) => {
    expect(readMessage(writeMessage(message))).toEqual(message);
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['no origin', '{"says":"tick"}'],
    ['an origin with spaces', '{"from":"a b","says":"tick"}'],
    ['another word', '{"from":"a","says":"shout"}'],
    ['no changes', '{"from":"a","says":"changes"}'],
    ['too many changes', JSON.stringify({ from: 'a', says: 'changes', changes: Array(101).fill(ANYTHING[0]) })],
    ['too long', `{"from":"a","says":"tick","pad":"${'x'.repeat(65_536)}"}`],
  ])('does not understand %s', (_, text) => {
    expect(readMessage(text)).toBeUndefined();
  });

  it.each([
    ['a kind of a newer replica', { kind: 'moon_changed', phase: 'full' }],
    ['a kind that every object has', { kind: 'constructor' }],
    ['a missing field', { kind: 'token_revoked' }],
    ['an empty field', { kind: 'token_revoked', jti: '' }],
    ['a field that is no text', { kind: 'token_revoked', jti: 7 }],
    ['a long field', { kind: 'token_revoked', jti: 'x'.repeat(256) }],
    ['a field more', { kind: 'registry_changed', only: 'this' }],
    ['no object', 'token_revoked'],
  ])('takes %s for anything', (_, change) => {
    expect(heard(change)).toEqual({ from: 'other', says: 'changes', changes: ANYTHING });
  });
});
