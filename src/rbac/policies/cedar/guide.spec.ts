import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { heldRole, memberOf, somebody, withRoles } from '../../../../test/fixtures/principals.js';
import { compiled, question } from '../../../../test/fixtures/rbac/compiled.js';
import type { Question } from './question.js';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../../docs/guides/policies.md'), 'utf8');

type More = Partial<Question>;
const ROW = { id: 't', name: 'echo', visibility: 'public', teamId: null, ownerEmail: 'bob@example.com' } as const;
const row = (more: object): More => ({ row: { ...ROW, ...more } });
const ann = (kind: 'session' | 'api_token'): More => ({
  principal: somebody('ann@example.com', memberOf('red'), { kind }),
});
const at = (time: string): More => ({ now: Date.parse(time) });
const from = (clientAddress: string): More => ({ origin: { clientAddress, userAgent: '', correlationId: '' } });
const file = (path?: unknown): More => ({ ...row({ upstreamName: 'read_file' }), arguments: { path } });
const update = { action: 'tools.update', ...ann('api_token') } as const;
const admin = { action: 'admin.system_config', row: undefined } as const;

/** The heading of an example, what it forbids, and what it leaves alone. */
const EXAMPLES: Readonly<Record<string, { forbids: readonly More[]; leaves: readonly More[] }>> = {
  Policies: { forbids: [row({ tags: ['legacy'] })], leaves: [row({ tags: ['new'] })] },
  'Destructive tools only for their owners, signed in': {
    forbids: [
      {},
      row({ annotations: { destructiveHint: true } }),
      row({ annotations: { readOnlyHint: false } }),
      { ...row({ ownerEmail: 'ann@example.com' }), ...ann('api_token') },
    ],
    leaves: [
      row({ annotations: { readOnlyHint: true } }),
      { ...row({ ownerEmail: 'ann@example.com' }), ...ann('session') },
    ],
  },
  'Working hours': {
    forbids: [
      { ...update, ...at('2026-12-05T12:00:00Z') },
      { ...update, ...at('2026-12-04T07:59:59Z') },
      { ...update, ...at('2026-12-04T18:00:00Z') },
    ],
    leaves: [
      { ...update, ...at('2026-12-04T17:59:59Z') },
      { ...update, ...ann('session'), ...at('2026-12-05T12:00:00Z') },
      { ...update, action: 'tools.execute', ...at('2026-12-05T12:00:00Z') },
    ],
  },
  'An address range': {
    forbids: [
      { ...admin, ...from('198.51.100.7') },
      { ...admin, ...from('unknown') },
      { ...admin, origin: undefined },
    ],
    leaves: [{ ...admin, ...from('192.0.2.1') }, { ...admin, ...from('::1') }, { ...from('198.51.100.7') }],
  },
  'The value of an argument': {
    forbids: [file('/etc/hosts'), file('/srv/../etc/hosts'), file(['/srv/a']), file(), file(5)],
    leaves: [file('/srv/a'), { arguments: { path: '/etc/hosts' } }],
  },
  Tags: {
    forbids: [row({ tags: ['prod', 'x'] }), { ...row({ tags: ['prod'] }), action: 'tools.read' }],
    leaves: [
      row({ tags: [] }),
      {
        ...row({ tags: ['prod'] }),
        principal: withRoles('ann@example.com', ['red'], [heldRole('developer', [], 'red')]),
      },
    ],
  },
};

/** The Cedar text under each heading. */
const written = new Map(
  GUIDE.split(/^#+ /m).flatMap((section) => {
    const [heading = ''] = section.split('\n');
    return [...section.matchAll(/```cedar\n([^]*?)```/g)].map(([, text = '']) => [heading, text] as const);
  }),
);

describe('the guide of policies', () => {
  it('has no example without a proof', () => expect([...written.keys()]).toEqual(Object.keys(EXAMPLES)));

  it.each(Object.entries(EXAMPLES))('is right about: %s', (heading, { forbids, leaves }) => {
    const policies = compiled(written.get(heading) ?? '');
    const forbidden = (more: More): boolean => (policies.ask(question(more))?.forbidding.length ?? 0) > 0;
    expect(forbids.map(forbidden)).toEqual(forbids.map(() => true));
    expect(leaves.map(forbidden)).toEqual(leaves.map(() => false));
  });
});
