import { describe, expect, it } from 'vitest';
import { relayedCapabilities } from './relayed-capabilities.js';

describe('relayedCapabilities', () => {
  it('keeps what the gate can relay and nothing beside it', () => {
    const given = {
      sampling: { tools: { more: 1 }, other: {} },
      elicitation: { form: {}, url: {} },
      roots: { listChanged: true },
      tasks: { list: {} },
      experimental: { x: {} },
    };
    expect(relayedCapabilities(given)).toEqual({
      sampling: { tools: {} },
      elicitation: { form: {}, url: {} },
      roots: { listChanged: true },
    });
  });

  it.each([undefined, null, 'sampling', [], { sampling: true }, { roots: 'yes' }, JSON.parse('{"__proto__":{}}')])(
    'takes %j for nothing',
    (given) => {
      expect(relayedCapabilities(given)).toEqual({});
    },
  );

  it('knows listChanged only when it is true', () => {
    expect(relayedCapabilities({ roots: { listChanged: 'true' } })).toEqual({ roots: {} });
  });
});
