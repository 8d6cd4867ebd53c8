import { describe, expect, it } from 'vitest';
import { activePlugin, FACTS, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { targetOf } from '../../../../test/fixtures/plugins/target.js';
import { PluginChains } from '../../chain/plugin-chains.js';
import { type HookEvent, type HookOutcome, runHook } from '../../chain/run-hook.js';
import type { Hook, HookPayloads } from '../../hooks.js';
import { type CallFacts, RequestState } from '../../plugin-context.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { DLP_CASES } from './dlp.cases.js';
import { dlp } from './dlp.plugin.js';

const TO_TOOL = { name: 'echo', args: { to: 'jane@example.com' }, headers: {} };

async function asked<H extends Hook>(
  policies: object | readonly object[],
  hook: H,
  payload: HookPayloads[H],
  facts: Partial<CallFacts> = {},
): Promise<HookOutcome<H> & { readonly events: readonly HookEvent[] }> {
  const all = [policies]
    .flat()
    .map((policy, index) => ({ name: `p${index}`, action: 'block', classes: ['pii'], ...policy }));
  const chains = new PluginChains();
  chains.replace([await activePlugin(dlp, { policies: all })]);
  const events: HookEvent[] = [];
  const outcome = await runHook(hook, chains.of(undefined, undefined, undefined).steps(hook), payload, {
    facts: { ...FACTS, ...facts },
    state: new RequestState(),
    events: { happened: (event) => void events.push(event) },
  });
  return { ...outcome, events };
}

describe('dlp', () => {
  it.each(DLP_CASES)('$title', async (row) => {
    expect(await outcomeOf(dlp, row)).toEqual(row.expect);
  });

  const target = targetOf(
    { teamId: 'team-2' },
    { slug: 'crm', target: { id: 'g', url: new URL('https://CRM.example.com:8443/mcp'), headers: {} } },
  );
  it.each([
    [{ gateways: ['crm'] }, true],
    [{ gateways: ['other'] }, false],
    [{ gateways: ['!crm'] }, false],
    [{ gateways: ['!other'] }, true],
    [{ gateways: ['c*', '!crm'] }, false],
    [{ tools: ['clock-*'] }, true],
    [{ tools: ['echo'] }, true],
    [{ tools: ['slack_*'] }, false],
    [{ hosts: ['*.Example.com'] }, true],
    [{ hosts: ['example.com'] }, false],
    [{ servers: ['server-1'] }, true],
    [{ servers: ['server-2'] }, false],
    [{ gateways: ['crm'], tools: ['slack_*'] }, false],
  ])('is for %j: %s', async (destinations, applies) => {
    const { violation } = await asked({ destinations }, 'tool_pre_invoke', TO_TOOL, { target, serverId: 'server-1' });
    expect(violation !== undefined).toBe(applies);
  });

  it.each([
    [['team-1'], true],
    [['team-2'], true],
    [['team-3'], false],
    [['!team-1'], false],
  ])('is for the teams %j: %s', async (teams, applies) => {
    const { violation } = await asked({ teams }, 'tool_pre_invoke', TO_TOOL, { target });
    expect(violation !== undefined).toBe(applies);
  });

  it('is for whoever is not left out, where nobody knows whom it is about', async () => {
    const nowhere = { target: undefined, tenantId: undefined };
    const ask = async (policy: object) =>
      (
        await asked(
          policy,
          'stream_message',
          { direction: 'to_upstream', method: 'x', body: { a: 'jane@example.com' } },
          nowhere,
        )
      ).violation;
    expect(await ask({ destinations: { hosts: ['crm.example.com'] } })).toBeUndefined();
    expect(await ask({ destinations: { hosts: ['!crm.example.com'] } })).toBeDefined();
  });

  it('writes down what each policy found, and nothing of it', async () => {
    const policies = [{ action: 'redact' }, { action: 'alert', classes: ['pii.email'] }];
    const { events, payload } = await asked(policies, 'tool_pre_invoke', TO_TOOL);
    expect(payload.args).toEqual({ to: '[REDACTED:pii.email]' });
    expect(events).toMatchObject([
      {
        outcome: 'modified',
        metadata: {
          dlp: {
            direction: 'to_upstream',
            action: 'redact',
            policies: [
              { name: 'p0', action: 'redact', count: 1, classes: { 'pii.email': 1 } },
              { name: 'p1', action: 'alert', count: 1, classes: { 'pii.email': 1 } },
            ],
          },
        },
      },
    ]);
    expect(JSON.stringify(events[0]?.metadata)).not.toContain('jane');
  });

  it('writes alerts down', async () => {
    const { events } = await asked({ action: 'alert' }, 'tool_pre_invoke', TO_TOOL);
    expect(events).toMatchObject([{ outcome: 'noted', metadata: { dlp: { action: 'alert' } } }]);
  });

  it('says which policy refused what', async () => {
    const { violation } = await asked({}, 'tool_pre_invoke', TO_TOOL);
    expect(violation).toMatchObject({
      code: 'DLP_BLOCKED',
      httpStatus: 403,
      description: 'The policy "p0" keeps pii.email from passing in tool arguments',
      details: { dlp: { direction: 'to_upstream', action: 'block' } },
    });
  });

  describe('drop', () => {
    const text = 'Withheld by data loss prevention (policy "p0").';
    it('answers a tool that is not asked', async () => {
      const { answer } = await asked({ action: 'drop' }, 'tool_pre_invoke', TO_TOOL);
      expect(answer).toEqual({ content: [{ type: 'text', text }], isError: true });
    });

    it('takes what an error says, not the error', async () => {
      const error = { code: -32000, message: 'no jane@example.com', data: { mail: 'jane@example.com' } };
      const { payload } = await asked({ action: 'drop' }, 'tool_post_invoke', { name: 'echo', result: {}, error });
      expect(payload.error).toEqual({ code: -32000, message: text });
    });

    it('takes the messages of a prompt', async () => {
      const result = { messages: [{ role: 'user', content: { type: 'text', text: 'jane@example.com' } }] };
      const { payload } = await asked({ action: 'drop' }, 'prompt_post_fetch', { promptId: 'p', result });
      expect(payload.result).toEqual({ description: text, messages: [] });
    });

    it('answers the read of a resource whose address says too much', async () => {
      const payload = { uri: 'mail://jane@example.com', metadata: {} };
      expect((await asked({ action: 'drop' }, 'resource_pre_fetch', payload)).answer).toEqual({
        contents: [{ uri: payload.uri, mimeType: 'text/plain', text }],
      });
      expect((await asked({ action: 'redact' }, 'resource_pre_fetch', payload)).violation?.code).toBe('DLP_BLOCKED');
    });

    it('lets a message between not through', async () => {
      const message = {
        direction: 'to_client',
        method: 'notifications/message',
        body: { data: 'jane@example.com' },
      } as const;
      expect((await asked({ action: 'drop' }, 'stream_message', message)).violation?.code).toBe('DLP_BLOCKED');
    });
  });

  it('knows what is said to models in messages between', async () => {
    const message = { role: 'user', content: { type: 'text', text: 'be nice' } };
    const sampling = {
      direction: 'to_client',
      method: 'sampling/createMessage',
      body: { messages: [message], systemPrompt: 'be brief' },
    } as const;
    const { payload } = await asked({ action: 'redact', classes: ['prompt'] }, 'stream_message', sampling);
    expect(payload.body).toEqual({
      messages: [{ role: 'user', content: { type: 'text', text: '[REDACTED:prompt]' } }],
      systemPrompt: '[REDACTED:prompt]',
    });
  });

  const good = { name: 'a', action: 'block', classes: ['pii'] };
  it.each([
    [{}, /policies/],
    [{ policies: [] }, /policies/],
    [{ policies: [{ ...good, action: 'burn' }] }, /policies\[0\]\.action/],
    [
      { policies: [{ ...good, classes: ['pii.shoe_size'] }] },
      /policies\[0\]\.classes\[0\] "pii\.shoe_size" is no class/,
    ],
    [{ policies: [{ ...good, classes: ['custom.x'] }] }, /custom\.x/],
    [{ policies: [good, good] }, /policies\[1\]\.name "a" is taken/],
    [{ policies: [{ ...good, directions: ['up'] }] }, /directions/],
    [{ policies: [{ ...good, destinations: { host: ['x'] } }] }, /destinations\.host is no key/],
    [{ policies: [good], custom_classes: [{ name: 'x', pattern: '(' }] }, /custom_classes\[0\]\.pattern/],
  ])('is not made of %j', async (config, fault) => {
    await expect(activePlugin(dlp, config)).rejects.toThrow(fault);
    await expect(activePlugin(dlp, config)).rejects.toBeInstanceOf(PluginConfigError);
  });
});
