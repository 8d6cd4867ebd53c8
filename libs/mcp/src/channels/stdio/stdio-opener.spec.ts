import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EgressError } from '#libs/egress';
import type { ChannelListener, MessageChannel } from '../message-channel.js';
import { StdioOpener, type StdioOptions } from './stdio-opener.js';
import { stdioUrl, variableHeaders } from './stdio-url.js';

const ODD = resolve(import.meta.dirname, '../../../../../test/fixtures/upstreams/misbehaving-process.mjs');
const INITIALIZE = '{"jsonrpc":"2.0","id":0,"method":"initialize","params":{}}';
const never = new AbortController().signal;

/** Keeps what a channel says. */
class Listener implements ChannelListener {
  readonly messages: string[] = [];
  readonly why: Promise<EgressError>;
  #told: (why: EgressError) => void = () => undefined;
  #next: () => void = () => undefined;

  constructor() {
    this.why = new Promise((resolve) => {
      this.#told = resolve;
    });
  }

  heard(message: Buffer): void {
    this.messages.push(message.toString());
    this.#next();
  }

  ended(why: EgressError): void {
    this.#told(why);
  }

  async until(part: string): Promise<string> {
    for (;;) {
      const found = this.messages.find((message) => message.includes(part));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#next = resolve;
      });
    }
  }
}

describe(StdioOpener.name, () => {
  const logged: string[] = [];
  const open: MessageChannel[] = [];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'stdio-opener-'));
    logged.length = 0;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((channel) => channel.close()));
    rmSync(folder, { recursive: true, force: true });
  });

  const opener = (more: Partial<StdioOptions> = {}): StdioOpener =>
    new StdioOpener({
      enabled: true,
      allowedCommands: [process.execPath],
      maxMessageBytes: 1_000_000,
      log: (_command, line) => logged.push(line),
      ...more,
    });

  async function start(args: readonly string[], headers = {}, more: Partial<StdioOptions> = {}) {
    const listener = new Listener();
    const url = stdioUrl({ command: process.execPath, args });
    const channel = await opener(more).open({ url }, headers, listener, never);
    open.push(channel);
    return { channel, listener };
  }

  const evaluate = (code: string, headers = {}) => start(['-e', code], headers);
  const odd = (kind: string) => start([ODD, kind]);

  it('should give a process its own environment, folder and arguments, each as it is', async () => {
    const code = 'console.log(JSON.stringify([process.env, process.argv.slice(1), process.cwd()]))';
    const awkward = ['$HOME; echo hi', 'a b', '', '`id`', '--x="y"', 'ü&=?#'];
    const { listener, channel } = await start(['-e', code, '--', ...awkward], variableHeaders({ Token: 'a b  c=d' }));
    const [env, argv, cwd] = JSON.parse(await listener.until('[')) as [Record<string, string>, string[], string];
    expect(Object.keys(env).sort()).toEqual(['HOME', 'LANG', 'PATH', 'Token']);
    expect(env).toMatchObject({ Token: 'a b  c=d', HOME: cwd });
    expect(argv).toEqual(awkward);
    await channel.close();
    expect(existsSync(cwd)).toBe(false);
  });

  it('should run them in one folder where the operator names it, and leave that', async () => {
    const { listener, channel } = await start(['-e', 'console.log(process.cwd())'], {}, { workingDirectory: folder });
    expect(await listener.until('/')).toBe(folder);
    await channel.close();
    expect(existsSync(folder)).toBe(true);
  });

  it.each([
    ['off', { enabled: false }, /STDIO_ENABLED/],
    ['of another command', { allowedCommands: ['/bin/true'] }, /STDIO_ALLOWED_COMMANDS/],
    ['of an empty list', { allowedCommands: [] }, /STDIO_ALLOWED_COMMANDS/],
  ])('should start nothing when it is %s', async (_name, more, rule) => {
    await expect(start([], {}, more)).rejects.toMatchObject({
      reason: 'url_refused',
      message: expect.stringMatching(rule),
    });
  });

  it('should take a command as the list spells it, and no other way to it', () => {
    const other = join(process.execPath, '..', '..', 'bin', '..', 'bin', 'sh');
    for (const command of [other, `${process.execPath}/`, `/${process.execPath}`, `${process.execPath}\0`, 'node']) {
      expect(() => opener().check(stdioUrl({ command, args: [] }))).toThrow(/STDIO_ALLOWED_COMMANDS/);
    }
  });

  it('should not follow a link that was bent after the list was read', async () => {
    const link = join(folder, 'server');
    symlinkSync(process.execPath, link);
    const known = opener({ allowedCommands: [link] });
    const url = stdioUrl({ command: link, args: ['-e', 'console.log("{}")'] });
    open.push(await known.open({ url }, {}, new Listener(), never));
    unlinkSync(link);
    symlinkSync('/bin/sh', link);
    await expect(known.open({ url }, {}, new Listener(), never)).rejects.toMatchObject({ reason: 'url_refused' });
  });

  it('should refuse a list with what is not there', () => {
    expect(() => opener({ allowedCommands: ['/nowhere/server'] })).toThrow(/STDIO_ALLOWED_COMMANDS has "\/nowhere/);
    expect(() => opener({ allowedCommands: ['node'] })).toThrow(/not an absolute path/);
  });

  it('should say that a file can’t be started', async () => {
    const file = join(folder, 'plain');
    writeFileSync(file, 'no program');
    chmodSync(file, 0o644);
    const url = stdioUrl({ command: file, args: [] });
    await expect(opener({ allowedCommands: [file] }).open({ url }, {}, new Listener(), never)).rejects.toMatchObject({
      reason: 'connect_failed',
    });
  });

  it('should start nothing for who has left already', async () => {
    const url = stdioUrl({ command: process.execPath, args: [] });
    await expect(opener().open({ url }, {}, new Listener(), AbortSignal.abort())).rejects.toThrow(EgressError);
  });

  it.each([
    ['exits', 'broken', /code 7/],
    ['flood', 'too_large', /more bytes/],
  ])('should end with a process that %s', async (kind, reason, message) => {
    const { listener } = await odd(kind);
    expect(await listener.why).toMatchObject({ reason, message: expect.stringMatching(message) });
  });

  it('should end with a process that reads nothing', async () => {
    const { channel, listener } = await odd('deaf');
    await listener.until('{}');
    await channel.send(Buffer.from(INITIALIZE), {});
    expect((await listener.why).reason).toBe('broken');
  });

  it('should refuse to queue more than a process reads', async () => {
    const { channel } = await evaluate('setInterval(() => 0, 1000)');
    const send = async (): Promise<void> => {
      for (;;) await channel.send(Buffer.alloc(1_000_000, ' '), {});
    };
    await expect(send()).rejects.toMatchObject({ reason: 'busy' });
  });

  it('should write a message as one line', async () => {
    const { channel, listener } = await evaluate('process.stdin.pipe(process.stdout)');
    await channel.send(Buffer.from('{\r\n  "a": "b\\nc"\n}'), {});
    expect(await listener.until('a')).toBe('{    "a": "b\\nc" }');
  });

  it('should kill what does not end when it is told to, and what it has started', async () => {
    const { channel, listener } = await odd('stubborn');
    await channel.send(Buffer.from(INITIALIZE), {});
    await listener.until('result');
    await channel.close();
    const child = `require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => 0); setInterval(() => 0, 1000)'])`;
    const parent = await evaluate(`console.log(JSON.stringify({ pid: ${child}.pid })); setInterval(() => 0, 1000)`);
    const { pid } = JSON.parse(await parent.listener.until('pid')) as { pid: number };
    await parent.channel.close();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('should log what is written to the standard error, bounded and without secrets', async () => {
    const code =
      'console.error(`key ${process.env.KEY}\\u001b[31m`); console.error("x".repeat(200000)); console.log("{}")';
    const { listener } = await evaluate(code, variableHeaders({ KEY: 'hunter22' }));
    await listener.until('{}');
    await expect.poll(() => logged.at(-1)).toBe('… the rest is not written down');
    expect(logged[0]).toBe('key *** [31m');
    expect(logged.join('').length).toBeLessThan(70_000);
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
