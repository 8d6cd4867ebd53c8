import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { User } from '../../src/auth/accounts/user.entity.js';
import { PluginEvent } from '../../src/plugins/events/plugin-event.entity.js';
import { PluginEventRetention } from '../../src/plugins/events/plugin-event-retention.js';
import { joinTeam } from '../fixtures/join-team.js';
import { addUser } from '../fixtures/people.js';
import { ADMIN, RunningGateway } from '../fixtures/running-gateway.js';
import { SHARED_SECRET, signedToken } from '../fixtures/signed-token.js';
import { RawCaller, jsonOf } from '../e2e/mcp/raw-caller.js';
import { RawUpstream } from '../e2e/mcp/raw-upstream.js';
import { onEveryDatabase } from './on-every-database.js';

const [RED, BLUE] = ['a'.repeat(32), 'b'.repeat(32)];
const DENY = { kind: 'deny_filter', hooks: ['tool_pre_invoke'] };

describe('plugins', () => {
  onEveryDatabase((database) => {
    let running: RunningGateway;
    let upstream: Awaited<ReturnType<typeof RawUpstream.start>>;
    let folder: string;
    let owner: User;
    let stranger: User;
    let endpoint: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'portcullis-plugins-'));
      const file = join(folder, 'config.yaml');
      const plugins = [
        { ...DENY, name: 'Deny', tags: ['words'], config: { words: ['forbidden'] } },
        { ...DENY, name: 'Watcher', mode: 'permissive', config: { words: ['odd'] } },
        { ...DENY, name: 'Off', mode: 'disabled', description: 'Not now', config: { words: ['never'], api_key: 'x' } },
      ];
      writeFileSync(file, stringify({ plugins }));
      const settings = { PLUGINS_ENABLED: 'true', PLUGIN_CONFIG_FILE: file };
      running = await RunningGateway.start({ DATABASE_URL: database.url, JWT_SECRET_KEY: SHARED_SECRET, ...settings });
      owner = await addUser(running, 'owner@example.com');
      stranger = await addUser(running, 'stranger@example.com');
      await joinTeam(running.gateway.app.get(DataSource), RED, [owner], 'owner');
      await joinTeam(running.gateway.app.get(DataSource), BLUE, [stranger], 'owner');
      upstream = await RawUpstream.start('legacy');
      const { id } = await running.register('raw', upstream.url, { visibility: 'team', team_id: RED });
      const server = await running.serve(id, { tool_naming: 'original' });
      endpoint = `${running.url}/servers/${server.id}/mcp`;
    });
    afterAll(async () => {
      await running?.stop();
      await upstream?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const session = ({ id }: User) => signedToken({ sub: id, token_use: 'session' });
    const say = async (text: string) => {
      const caller = new RawCaller(endpoint, running.session);
      const answer = await caller.legacy('tools/call', { name: 'tool', arguments: { text } });
      caller.close();
      return jsonOf(answer).error?.data?.plugin_name ?? 'passed';
    };
    const events = async (query: string) => (await running.rest('GET', `/api/logs/plugin-events?${query}`)).body;

    it('leave a row for each block and each would-block, and none for what passes', async () => {
      expect([await say('fine'), await say('so forbidden'), await say('how odd')]).toEqual([
        'passed',
        'Deny',
        'passed',
      ]);
      const rows = await events('limit=10');
      expect(rows.map(({ plugin_name, outcome, code }: PluginRow) => [plugin_name, outcome, code])).toEqual([
        ['Watcher', 'would_block', 'deny'],
        ['Deny', 'blocked', 'deny'],
      ]);
      expect(rows[1]).toMatchObject({
        user_email: ADMIN.email,
        team_id: RED,
        plugin_kind: 'deny_filter',
        hook: 'tool_pre_invoke',
        target: 'tool',
        latency_ms: expect.any(Number),
        error: null,
      });
      expect(JSON.stringify(rows)).not.toContain('so forbidden');
      expect(await events('outcome=blocked&plugin_name=Deny&code=deny')).toHaveLength(1);
      expect(await events(`user_email=${stranger.email}`)).toEqual([]);
    });

    it('are counted, with how long they took', async () => {
      const { body } = await running.rest('GET', '/admin/plugins/stats');
      const deny = body.plugins.find(({ plugin_name }: PluginRow) => plugin_name === 'Deny');
      expect(deny.outcomes).toMatchObject({ pass: 2, blocked: 1, error: 0 });
      expect(deny.latency.at(-1)).toEqual({ le: null, count: deny.executions });
    });

    it('are listed, with what they are configured with but for secrets', async () => {
      const { body } = await running.rest('GET', '/admin/plugins');
      expect(body).toMatchObject({ total: 3, enabled_count: 2, disabled_count: 1, plugins_globally_enabled: true });
      expect(body.plugins[0]).toMatchObject({
        name: 'Deny',
        mode: 'enforce',
        priority: 100,
        status: 'enabled',
        config_summary: ['words'],
      });
      const one = await running.rest('GET', '/admin/plugins/Off');
      expect(one.body).toMatchObject({
        status: 'disabled',
        kind: 'deny_filter',
        config: { words: ['never'], api_key: '***' },
      });
      expect((await running.rest('GET', '/admin/plugins/None')).status).toBe(404);
      const list = async (query: string) =>
        (await running.rest('GET', `/v1/plugins?${query}`)).body.plugins.map(({ name }: PluginRow) => name);
      expect(await list('search=not now')).toEqual(['Off']);
      expect(await list('mode=permissive')).toEqual(['Watcher']);
      expect(await list('tag=words&hook=tool_pre_invoke')).toEqual(['Deny']);
    });

    it('are switched while the gateway runs, and stay as they were switched', async () => {
      const set = (path: string, body: object) => running.rest('PUT', `/admin/plugins${path}`, body);
      expect((await set('/Deny', { mode: 'disabled' })).body).toMatchObject({ mode: 'disabled', status: 'disabled' });
      expect(await say('forbidden')).toBe('passed');
      expect((await set('/Watcher', { mode: 'sequential' })).body.mode).toBe('enforce');
      expect(await say('odd')).toBe('Watcher');
      expect((await set('', { enabled: false })).body.plugins_globally_enabled).toBe(false);
      expect(await say('odd')).toBe('passed');
      await set('', { enabled: true });
      expect(await say('odd')).toBe('Watcher');
      for (const name of ['Deny', 'Watcher']) await set(`/${name}`, { mode: null });
      expect([await say('odd'), await say('forbidden')]).toEqual(['passed', 'Deny']);
      expect((await set('/None', { mode: 'audit' })).status).toBe(404);
      expect((await set('/Deny', { mode: 'strict' })).status).toBe(422);
      // What it is configured with has a key that the plugin does not know.
      expect((await set('/Off', { mode: 'enforce' })).status).toBe(422);
      const { body: trail } = await running.rest('GET', '/api/logs/audit-trails?resource_id=plugins&limit=1');
      expect(trail[0]).toMatchObject({ action: 'update', user_email: ADMIN.email });
    });

    describe('that teams bind to their tools', () => {
      const bind = (teamId: string, policy: object, token?: string) =>
        running.rest('POST', '/tools/plugin_bindings', { teams: { [teamId]: { policies: [policy] } } }, token);
      const policy = { tool_names: ['tool'], plugin_id: 'DENY_FILTER', config: { words: ['ours'] } };

      it('run for these, beside those that run for everybody', async () => {
        const { status, body } = await bind(RED, policy, session(owner));
        expect(status).toBe(200);
        expect(body).toMatchObject({
          total: 1,
          bindings: [{ team_id: RED, tool_name: 'tool', plugin_id: 'deny_filter', mode: 'enforce', priority: 50 }],
        });
        await expect.poll(() => say('it is ours')).toBe('Deny');
        expect(await say('forbidden')).toBe('Deny');
        const again = await bind(
          RED,
          { ...policy, config: { words: ['mine'] }, binding_reference_id: 'ref' },
          session(owner),
        );
        expect(again.body.bindings[0].id).toBe(body.bindings[0].id);
        await expect.poll(() => say('it is ours')).toBe('passed');
        const gone = await running.rest(
          'DELETE',
          `/tools/plugin_bindings/${body.bindings[0].id}`,
          undefined,
          session(owner),
        );
        expect(gone.body).toMatchObject({ binding_reference_id: 'ref' });
        await expect.poll(() => say('mine')).toBe('passed');
      });

      it('switch nothing off that runs for everybody', async () => {
        const { body } = await bind(RED, { ...policy, mode: 'disabled' }, session(owner));
        expect(await say('forbidden')).toBe('Deny');
        await running.rest('DELETE', `/tools/plugin_bindings/${body.bindings[0].id}`);
      });

      it.each([
        ['of a plugin that is none', { plugin_id: 'none' }, 'plugin_id'],
        ['with a configuration that is none', { config: { wrods: 1 } }, 'wrods'],
        ['of a plugin that would start processes', { plugin_id: 'external', config: {} }, 'bound'],
        ['of a plugin that would read files', { plugin_id: 'opa_wasm', config: {} }, 'bound'],
        ['of a plugin that would answer past others', { plugin_id: 'cached_tool_result', config: {} }, 'bound'],
        ['with a configuration too long', { config: { words: ['x'.repeat(21_000)] } }, 'longer'],
        [
          'with patterns too large together',
          {
            plugin_id: 'regex_filter',
            config: { words: Array.from({ length: 6 }, () => ({ search: '(?:a?){900}b', replace: '' })) },
          },
          'config.words[5].search: pattern makes all patterns together compile to more than 10000 instructions',
        ],
        ['with a priority of 0', { priority: 0 }, 'priority'],
        ['of no tool', { tool_names: [] }, 'tool_names'],
      ])('are refused: %s', async (_, more, named) => {
        const { status, body } = await bind(RED, { ...policy, ...more }, session(owner));
        expect([status, JSON.stringify(body)]).toEqual([422, expect.stringContaining(named)]);
      });

      it('are of teams that there are', async () => {
        const nowhere = 'f'.repeat(32);
        expect((await bind(nowhere, policy)).status).toBe(404);
        expect((await running.rest('GET', `/tools/plugin_bindings/${nowhere}`)).status).toBe(404);
      });

      it('are nobody else’s: not to make, to see or to take away', async () => {
        const { body } = await bind(RED, policy);
        const [{ id }] = body.bindings;
        const by = (method: string, path: string) =>
          running.rest(method, `/tools/plugin_bindings${path}`, undefined, session(stranger));
        expect((await bind(RED, policy, session(stranger))).status).toBe(404);
        expect((await by('GET', '')).body).toEqual({ bindings: [], total: 0 });
        expect((await by('GET', `/${RED}`)).status).toBe(404);
        expect((await by('DELETE', `/${id}`)).status).toBe(404);
        expect((await running.rest('GET', `/tools/plugin_bindings/${RED}`, undefined, session(owner))).body.total).toBe(
          1,
        );
        expect((await running.rest('DELETE', `/tools/plugin_bindings/${id}`)).status).toBe(200);
      });
    });

    it('are forgotten with their age', async () => {
      const rows = running.gateway.app.get(DataSource).getRepository(PluginEvent);
      const all = await rows.count();
      const purge = (days: number) =>
        running.gateway.app
          .get(PluginEventRetention, { strict: false })
          .purge(new Date(Date.now() + days * 86_400_000));
      expect(await purge(89)).toBe(0);
      expect(await purge(91)).toBe(all);
    });
  });
});

type PluginRow = Readonly<Record<string, unknown>>;
