import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningGateway } from '../../fixtures/running-gateway.js';
import { jsonOf, RawCaller } from '../mcp/raw-caller.js';

const SERVER = resolve(import.meta.dirname, '../../fixtures/upstreams/stdio-server.mjs');
const NODE = process.execPath;
const PASSWORD = 'A test fixture, not a secret 7';

let names = 0;
const wished = (more: object = {}) => ({
  name: `process ${(names += 1)}`,
  transport: 'STDIO',
  command: NODE,
  args: [SERVER],
  ...more,
});

async function signedIn(gate: RunningGateway, name: string): Promise<string> {
  const account = {
    email: `${name}@example.com`,
    password: PASSWORD,
    full_name: name,
    password_change_required: false,
  };
  const made = await gate.rest('POST', '/auth/email/admin/users', account);
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
  const { body } = await gate.rest('POST', '/auth/login', { email: account.email, password: PASSWORD });
  return body.access_token;
}

const faultOf = ({ body }: { body: { detail?: { loc: string[]; msg: string }[] } }) => body.detail?.[0]?.loc[1];

describe('gateways that are processes', () => {
  let gate: RunningGateway;
  let ordinary: string;
  let teamOwner: string;
  let teamId: string;
  let id: string;

  beforeAll(async () => {
    gate = await RunningGateway.start({ STDIO_ENABLED: 'true', STDIO_ALLOWED_COMMANDS: NODE });
    ordinary = await signedIn(gate, 'ordinary');
    teamOwner = await signedIn(gate, 'owner');
    ({
      body: { id: teamId },
    } = await gate.rest('POST', '/teams', { name: 'Red' }, teamOwner));
    const { status, body } = await gate.rest('POST', '/gateways', wished({ env: { KEY: 'a-secret-value' } }));
    expect(status, JSON.stringify(body)).toBe(200);
    ({ id } = body);
  });
  afterAll(() => gate?.stop());

  const register = (more: object = {}, token?: string) => gate.rest('POST', '/gateways', wished(more), token);
  const change = (patch: object, token?: string) => gate.rest('PUT', `/gateways/${id}`, patch, token);

  it('should be shown with their command, and with masks for what is secret', async () => {
    const { body } = await gate.rest('GET', `/gateways/${id}`);
    expect(body).toMatchObject({ transport: 'STDIO', command: NODE, args: [SERVER], env: { KEY: '*****' } });
    expect(JSON.stringify(body)).not.toContain('a-secret-value');
    const seen = await gate.rest('GET', `/gateways/${id}`, undefined, ordinary);
    expect(seen).toMatchObject({ status: 200, body: { args: null, env: { KEY: '*****' } } });
    expect(JSON.stringify(seen.body)).not.toContain(SERVER);
  });

  it('should be registered by no ordinary user and no owner of a team, for themselves or their team', async () => {
    for (const token of [ordinary, teamOwner]) {
      expect((await register({ visibility: 'private' }, token)).status).toBe(403);
      expect((await register({ command: '/nowhere', visibility: 'private' }, token)).status).toBe(403);
    }
    expect((await register({ visibility: 'team', team_id: teamId }, teamOwner)).status).toBe(403);
  });

  it('should be registered with no token of an administrator that was given less', async () => {
    const token = await gate.mint('narrow', { permissions: ['gateways.create', 'gateways.read', 'gateways.update'] });
    expect((await register({}, token)).status).toBe(403);
    expect((await change({ description: 'x' }, token)).status).toBe(403);
    expect((await gate.rest('POST', `/gateways/${id}/state?activate=false`, undefined, token)).status).toBe(403);
    const whole = await gate.mint('whole');
    expect((await register({}, whole)).status).toBe(200);
  });

  it('should be changed by nobody else, not by the owner of a team that has one', async () => {
    const { body } = await register({ visibility: 'team', team_id: teamId });
    for (const patch of [{ description: 'x' }, { args: ['-e', '0'] }, { transport: 'STDIO' }]) {
      expect((await gate.rest('PUT', `/gateways/${body.id}`, patch, teamOwner)).status).toBe(403);
    }
    const state = `/gateways/${body.id}/state?activate=false`;
    expect((await gate.rest('POST', state, undefined, teamOwner)).status).toBe(403);
    expect((await gate.rest('GET', `/gateways/${body.id}`)).body).toMatchObject({ enabled: true, args: [SERVER] });
  });

  it.each([
    ['command', { command: undefined }],
    ['command', { command: 'node' }],
    ['command', { command: '/bin/sh', args: ['-c', 'true'] }],
    ['command', { command: `${NODE} ${SERVER}`, args: [] }],
    ['command', { command: `${NODE}\0` }],
    ['command', { command: `/x/../${NODE}` }],
    ['args', { args: ['a\0b'] }],
    ['args', { args: Array(65).fill('a') }],
    ['args', { args: ['a'.repeat(2049)] }],
    ['args', { args: Array(64).fill('a'.repeat(100)) }],
    ['args', { args: 'a b' }],
    ['env', { env: { 'A=B': 'x' } }],
    ['env', { env: { LD_PRELOAD: '/tmp/x.so' } }],
    ['env', { env: { NODE_OPTIONS: '--require=/tmp/x.js' } }],
    ['env', { env: { PATH: '/tmp' } }],
    ['env', { env: { KEY: 'a\0b' } }],
    ['env', { env: { KEY: '*****' } }],
    ['env', { env: { KEY: 1 } }],
    ['url', { url: 'https://example.com/mcp' }],
    ['authType', { auth_type: 'bearer', auth_token: 'x' }],
    ['passthroughHeaders', { passthrough_headers: ['X-A'] }],
    ['command', { transport: 'STREAMABLEHTTP', url: 'https://example.com/mcp' }],
    ['url', { transport: 'STREAMABLEHTTP', url: `stdio://${NODE}`, command: undefined, args: undefined }],
  ])('should be refused for their %s: %j', async (field, more) => {
    const answer = await register(more);
    expect([answer.status, faultOf(answer)], JSON.stringify(answer.body)).toEqual([422, field]);
  });

  it('should give their secrets to no other command or arguments', async () => {
    const moved = await change({ args: [SERVER, 'elsewhere'] });
    expect([moved.status, faultOf(moved)]).toEqual([422, 'env']);
    expect((await change({ env: { KEY: '*****', OTHER: 'x' } })).body.env).toEqual({ KEY: '*****', OTHER: '*****' });
    expect((await change({ args: [SERVER, 'elsewhere'], env: { KEY: 'again' } })).body).toMatchObject({
      args: [SERVER, 'elsewhere'],
      env: { KEY: '*****' },
    });
  });

  it('should not become servers, nor servers processes', async () => {
    expect(faultOf(await change({ transport: 'STREAMABLEHTTP', url: 'https://example.com/mcp' }))).toBe('transport');
  });

  it('should not be reached as the address of a tool', async () => {
    const tool = { name: 'sly', url: `stdio://${NODE}?arg=-v`, integration_type: 'REST', request_type: 'POST' };
    expect((await gate.rest('POST', '/tools', { tool })).status).toBe(422);
  });
});

describe('gateways that are processes, while the operator has not allowed them', () => {
  it.each([
    ['STDIO_ENABLED', { STDIO_ALLOWED_COMMANDS: NODE }],
    ['STDIO_ALLOWED_COMMANDS', { STDIO_ENABLED: 'true' }],
  ])('should be refused by the name of %s', async (setting, settings) => {
    const gate = await RunningGateway.start(settings);
    const { status, body } = await gate.rest('POST', '/gateways', wished());
    await gate.stop();
    expect([status, body.detail[0].loc[1], body.detail[0].msg]).toEqual([
      422,
      'command',
      expect.stringContaining(setting),
    ]);
  });

  it.each([
    ['the feature is off', { STDIO_ALLOWED_COMMANDS: NODE }],
    ['the command is off the list', { STDIO_ENABLED: 'true', STDIO_ALLOWED_COMMANDS: '/bin/true' }],
  ])('should not be started, though they are stored, once %s', async (_what, settings) => {
    const folder = mkdtempSync(join(tmpdir(), 'stdio-gateways-'));
    const log = join(folder, 'log');
    const code = `require('fs').appendFileSync(${JSON.stringify(log)}, 'started'); import(${JSON.stringify(SERVER)})`;
    const kept = { DATA_DIR: folder, AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('base64url') };
    const before = await RunningGateway.start({ ...kept, STDIO_ENABLED: 'true', STDIO_ALLOWED_COMMANDS: NODE });
    const { status, body } = await before.rest('POST', '/gateways', wished({ name: 'kept', args: ['-e', code] }));
    await before.stop();
    expect([status, readFileSync(log, 'utf8')]).toEqual([200, expect.stringContaining('started')]);
    rmSync(log);
    const after = await RunningGateway.start({ ...kept, ...settings });
    const caller = new RawCaller(`${after.url}/mcp`, after.session);
    const called = jsonOf(await caller.legacy('tools/call', { name: 'kept-pid', arguments: {} }));
    const health = await after.rest('GET', `/gateways/${body.id}/health`);
    const refreshed = await after.rest('POST', `/gateways/${body.id}/refresh`);
    const changed = await after.rest('PUT', `/gateways/${body.id}`, { args: [SERVER] });
    caller.close();
    await after.stop();
    expect(called.result).toBeUndefined();
    expect([health.body.reachable, refreshed.status, changed.status, existsSync(log)]).toEqual([
      false,
      422,
      422,
      false,
    ]);
    rmSync(folder, { recursive: true });
  });

  it('should not start with a command that is not there', async () => {
    const settings = { STDIO_ENABLED: 'true', STDIO_ALLOWED_COMMANDS: '/nowhere/server' };
    await expect(RunningGateway.start(settings)).rejects.toThrow('STDIO_ALLOWED_COMMANDS');
  });
});
