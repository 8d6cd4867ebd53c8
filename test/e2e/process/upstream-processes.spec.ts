import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { built, GatewayProcess } from '../../fixtures/gateway-process.js';
import { SHARED_SECRET, signedToken } from '../../fixtures/signed-token.js';
import { jsonOf, type RawAnswer, RawCaller } from '../mcp/raw-caller.js';
import { McpClient } from '../mcp/sessions/mcp-client.js';

const SERVER = resolve(import.meta.dirname, '../../fixtures/upstreams/stdio-server.mjs');

describe('the processes of a gateway that ends', () => {
  let folder: string;
  let temporary: string;
  let gateway: GatewayProcess;
  let caller: RawCaller;
  let client: McpClient;
  let pids: number[];

  beforeAll(built);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'upstream-processes-'));
    temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    gateway = GatewayProcess.spawn(folder, {
      TMPDIR: temporary,
      JWT_SECRET_KEY: SHARED_SECRET,
      AUTH_ENCRYPTION_SECRET: randomBytes(32).toString('base64url'),
      PLATFORM_ADMIN_PASSWORD: 'A test fixture, not a secret',
      STDIO_ENABLED: 'true',
      STDIO_ALLOWED_COMMANDS: process.execPath,
      SHUTDOWN_GRACE_SECONDS: '1',
    });
    const url = await gateway.url();
    const token = signedToken({ teams: null });
    const wish = { name: 'up', transport: 'STDIO', command: process.execPath, args: [SERVER] };
    const response = await fetch(`${url}/gateways`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: JSON.stringify(wish),
    });
    if (!response.ok) throw new Error(await response.text());
    caller = new RawCaller(`${url}/mcp`, token);
    client = await McpClient.open(caller);
    pids = [await number('up-pid')];
  });
  afterEach(async () => {
    caller.close();
    gateway.kill('SIGKILL');
    await gateway.ended;
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const number = async (name: string): Promise<number> => {
    const answer: RawAnswer = await client.request('tools/call', { name, arguments: {} });
    return Number(jsonOf(answer).result.content[0].text);
  };
  const folders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('portcullis-stdio-'));

  it('should end with it, with what they started and their folders', async () => {
    pids.push(await number('up-fork'));
    expect(folders()).not.toEqual([]);
    expect(await gateway.stop()).toEqual({ code: 0, signal: null });
    expect([pids.filter(isAlive), folders()]).toEqual([[], []]);
  });

  it('should end with it when it ends at once', async () => {
    pids.push(await number('up-fork'));
    const waiting = client.request('tools/call', { name: 'up-wait', arguments: {} }).catch(() => undefined);
    await caller.legacy('ping');
    gateway.kill();
    gateway.kill('SIGINT');
    await gateway.ended;
    await waiting;
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
    expect(folders()).toEqual([]);
  });

  it('should hear of its death by the end of their input', async () => {
    gateway.kill('SIGKILL');
    await gateway.ended;
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });
});

/** Who waits for its end to be taken note of has ended. */
function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
