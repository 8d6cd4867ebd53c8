import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answering } from '../mcp/raw-upstream.js';
import { GuardedGate } from './guarded-gate.js';

let guarded: GuardedGate;
beforeAll(async () => {
  guarded = await GuardedGate.start();
});
afterAll(() => guarded.stop());

describe('headers that a plugin sets', () => {
  it('should go to the upstream of a resource', async () => {
    const { callers, upstreams } = guarded.gate;
    await guarded.plugins([
      {
        name: 'inject',
        kind: 'header_injector',
        config: { headers: { 'X-Tenant': 'acme' }, uri_prefixes: ['raw://'] },
      },
    ]);
    for (const era of ['modern', 'legacy'] as const) {
      upstreams[era].script = answering('{"contents":[]}');
      await callers[era][era]('resources/read', { uri: 'raw://one' });
      expect(upstreams[era].seen.at(-1)?.headers['x-tenant']).toBe('acme');
    }
  });
});
