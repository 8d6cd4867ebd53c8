import { compilePattern, Content, TimeShare } from '#libs/guardrails';
import { describe, expect, it } from 'vitest';
import { pluginOf } from '../../../test/fixtures/plugins/plugin-of.js';
import { FACTS } from '../../../test/fixtures/plugins/run-case.js';
import type { PluginMode } from '../config/plugin-mode.js';
import type { HookPayloads, ToolPreInvoke } from '../hooks.js';
import type { HookHandler, PluginResult } from '../plugin.js';
import { RequestState } from '../plugin-context.js';
import type { ActivePlugin } from './active-plugin.js';
import { PluginChains } from './plugin-chains.js';
import { type HookEvent, type HookOutcome, runHook } from './run-hook.js';

type Pre = HookHandler<'tool_pre_invoke'>;
type Outcome = HookOutcome<'tool_pre_invoke'>;

const PAYLOAD: ToolPreInvoke = { name: 'tool', args: { n: 0 }, headers: {} };
const VIOLATION = { code: 'NO', reason: 'No', description: 'It may not' };
const adds =
  (text: string): Pre =>
  (payload) => ({ payload: { ...payload, args: { n: `${String(payload.args['n'])}${text}` } } });
const refuses: Pre = () => ({ violation: VIOLATION });
const throws: Pre = () => {
  throw new Error('the secret of a caller');
};
const later =
  (handler: Pre): Pre =>
  async (payload, context) => {
    await Promise.resolve();
    return handler(payload, context);
  };

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

class Asked {
  readonly events: HookEvent[] = [];

  constructor(private readonly plugins: readonly ActivePlugin[]) {}

  ask(payload: ToolPreInvoke = PAYLOAD): Outcome | Promise<Outcome> {
    const chains = new PluginChains();
    chains.replace(this.plugins);
    const steps = chains.of(undefined, undefined, undefined).steps('tool_pre_invoke');
    const events = { happened: (event: HookEvent) => void this.events.push(event) };
    return runHook('tool_pre_invoke', steps, payload, { facts: FACTS, state: new RequestState(), events });
  }

  get outcomes(): string[] {
    return this.events.map(({ plugin, outcome }) => `${plugin.run.name} ${outcome}`);
  }
}

const plugin = (name: string, handler: Pre, run: Parameters<typeof pluginOf>[2] = {}) =>
  pluginOf(name, { tool_pre_invoke: handler }, run);

describe('the order of plugins', () => {
  it('is that of their priorities, and among equals that of the file', async () => {
    const plugins = [
      plugin('c', adds('c'), { priority: 200 }),
      plugin('a', adds('a'), { priority: 10 }),
      plugin('d', later(adds('d')), { priority: 200 }),
      plugin('b', adds('b'), { priority: 20 }),
    ];
    expect(await new Asked(plugins).ask()).toEqual({ payload: { ...PAYLOAD, args: { n: '0abcd' } } });
  });

  it('takes no promise where no plugin takes time', () => {
    expect(new Asked([plugin('a', () => undefined)]).ask()).toEqual({ payload: PAYLOAD });
  });

  it('ends with the first that refuses, each having run once', async () => {
    const ran: string[] = [];
    const notes =
      (name: string, handler: Pre): Pre =>
      (payload, context) => {
        ran.push(name);
        return handler(payload, context);
      };
    const asked = new Asked([
      plugin('a', notes('a', adds('a'))),
      plugin('b', notes('b', later(refuses))),
      plugin('c', notes('c', adds('c'))),
    ]);
    expect(await asked.ask()).toMatchObject({ violation: VIOLATION, plugin: 'b' });
    expect(ran).toEqual(['a', 'b']);
    expect(asked.outcomes).toEqual(['a modified', 'b blocked']);
  });
});

describe('what a refusal counts', () => {
  it.each<[PluginMode, boolean, string]>([
    ['enforce', true, 'blocked'],
    ['enforce_ignore_error', true, 'blocked'],
    ['concurrent', true, 'blocked'],
    ['permissive', false, 'would_block'],
    ['audit', false, 'would_block'],
  ])('in %s', async (mode, blocks, outcome) => {
    const asked = new Asked([
      plugin('a', (payload) => ({ payload: { ...payload, args: { n: 'x' } }, violation: VIOLATION }), { mode }),
    ]);
    const result = await asked.ask();
    expect(result.violation !== undefined).toBe(blocks);
    // What was changed in what is refused is no proposal, whatever the mode.
    expect(result.payload).toBe(PAYLOAD);
    expect(asked.outcomes).toEqual([`a ${outcome}`]);
    expect(asked.events[0]?.violation).toEqual(VIOLATION);
  });

  it.each<PluginMode>(['enforce', 'permissive', 'concurrent', 'audit'])(
    'and what is only said of a payload, in %s',
    async (mode) => {
      const asked = new Asked([plugin('a', () => ({ metadata: { seen: 1 } }), { mode })]);
      expect((await asked.ask()).payload).toBe(PAYLOAD);
      expect(asked.outcomes).toEqual(['a noted']);
      expect(asked.events[0]?.metadata).toEqual({ seen: 1 });
    },
  );

  it.each<[PluginMode, boolean]>([
    ['enforce', true],
    ['permissive', true],
    ['concurrent', false],
    ['audit', false],
  ])('and what a change counts, in %s', async (mode, changes) => {
    const result = await new Asked([plugin('a', adds('x'), { mode })]).ask();
    expect(result.payload.args).toEqual({ n: changes ? '0x' : 0 });
  });

  it('comes, of several at once, from the first of them, and none of them waits for another', async () => {
    let begun = 0;
    const { promise: all, resolve: open } = deferred<void>();
    const meets =
      (said: PluginResult<'tool_pre_invoke'> | undefined): Pre =>
      async () => {
        if (++begun === 3) open();
        await all;
        return said;
      };
    const run = { mode: 'concurrent' } as const;
    const asked = new Asked([
      plugin('a', meets(undefined), run),
      plugin('b', meets({ violation: VIOLATION }), run),
      plugin('c', meets({ violation: { ...VIOLATION, code: 'LATER' } }), run),
      plugin('d', adds('d')),
    ]);
    expect(await asked.ask()).toMatchObject({ plugin: 'b', violation: { code: 'NO' } });
  });

  it('is not waited for in fire_and_forget', async () => {
    const { promise: never } = deferred<undefined>();
    expect(await new Asked([plugin('a', () => never, { mode: 'fire_and_forget' })]).ask()).toEqual({
      payload: PAYLOAD,
    });
  });
});

describe('what a failing plugin does', () => {
  const failing: [string, Pre][] = [
    ['throws', throws],
    ['rejects', later(throws)],
    ['takes too long', () => new Promise(() => undefined)],
    ['returns no object', () => 7 as never],
    ['returns a violation without a code', () => ({ violation: { reason: 'x' } }) as never],
    ['sends the call elsewhere', (payload) => ({ payload: { ...payload, name: 'other' } })],
    ['returns arguments that are a list', (payload) => ({ payload: { ...payload, args: [] as never } })],
    ['returns null for arguments', (payload) => ({ payload: { ...payload, args: null as never } })],
    ['leaves out the arguments', ({ name, headers }) => ({ payload: { name, headers } as never })],
    ['answers with no result', () => ({ answer: 'text' as never })],
  ];

  it.each(failing)('fails the call where it %s', async (_, handler) => {
    const asked = new Asked([plugin('a', handler, { timeoutMs: 20 }), plugin('b', adds('b'))]);
    const outcome = await asked.ask();
    expect(outcome).toEqual({ payload: PAYLOAD, failed: true, plugin: 'a' });
    expect(asked.outcomes).toEqual(['a error']);
    expect(asked.events[0]?.error).not.toContain('secret');
  });

  it.each(failing)('is passed over with ignore where it %s', async (_, handler) => {
    const asked = new Asked([plugin('a', handler, { timeoutMs: 20, onError: 'ignore' }), plugin('b', adds('b'))]);
    expect((await asked.ask()).payload.args).toEqual({ n: '0b' });
    expect(asked.outcomes).toEqual(['a error', 'b modified']);
  });

  it('ends with its first error where it says disable', async () => {
    const failed = plugin('a', throws, { onError: 'disable' });
    const asked = new Asked([failed]);
    await asked.ask();
    await asked.ask();
    expect(asked.outcomes).toEqual(['a error']);
    expect(failed.off).toBe(true);
  });

  it('never fails a call that it only watches', async () => {
    const asked = new Asked([plugin('a', later(throws), { mode: 'audit' })]);
    expect(await asked.ask()).toEqual({ payload: PAYLOAD });
  });

  it('is told when its time is over', async () => {
    const told = deferred<string>();
    const slow: Pre = (_, { signal }) => {
      signal.addEventListener('abort', () => told.resolve('over'));
      return new Promise(() => undefined);
    };
    await new Asked([plugin('a', slow, { timeoutMs: 5 })]).ask();
    expect(await told.promise).toBe('over');
  });

  it.each(['fail', 'disable'] as const)('refuses what it can not walk through, with %s', async (onError) => {
    const find: Pre = (_, context) => {
      context.content(Content.of({}, { depth: 1 }));
      throw deep();
    };
    const stays = plugin('a', find, { onError });
    const asked = new Asked([stays]);
    expect(await asked.ask()).toMatchObject({ violation: { code: 'CONTENT_TOO_LARGE' }, plugin: 'a' });
    expect(asked.outcomes).toEqual(['a blocked']);
    expect(stays.off).toBe(false);
  });
});

function deep(): unknown {
  try {
    Content.of({ a: { b: { c: 'text' } } }, { depth: 1 }).texts();
  } catch (error) {
    return error;
  }
  throw new Error('the walker took it');
}

describe('the state of a request', () => {
  it('is shared by its plugins; what is local, by the hooks of one plugin', async () => {
    const seen: unknown[] = [];
    const counts = (name: string): ActivePlugin =>
      pluginOf(name, {
        tool_pre_invoke: (_, { local, state }) => {
          local.set('began', name);
          state.set('by', [...((state.get('by') as string[] | undefined) ?? []), name]);
          return undefined;
        },
        tool_post_invoke: (_, { local, state }) => {
          seen.push([local.get('began'), state.get('by')]);
          return undefined;
        },
      });
    const chains = new PluginChains();
    chains.replace([counts('a'), counts('b')]);
    const chain = chains.of(undefined, undefined, undefined);
    const call = { facts: FACTS, state: new RequestState(), events: { happened: () => undefined } };
    await runHook('tool_pre_invoke', chain.steps('tool_pre_invoke'), PAYLOAD, call);
    const result: HookPayloads['tool_post_invoke'] = { name: 'tool', result: {} };
    await runHook('tool_post_invoke', chain.steps('tool_post_invoke'), result, call);
    expect(seen).toEqual([
      ['a', ['a', 'b']],
      ['b', ['a', 'b']],
    ]);
  });
});

describe('the time of patterns', () => {
  const looks: Pre = ({ args }) =>
    compilePattern('[a]').test(JSON.stringify(args)) ? { violation: VIOLATION } : undefined;
  const noTime = new TimeShare(0, 0);
  const bound = { bound: true, priority: 1 };

  it('is that of all that a team has bound, and used up refuses as content that is too large', async () => {
    const asked = new Asked([pluginOf('bound', { tool_pre_invoke: looks }, bound, noTime), plugin('file', looks)]);
    expect((await asked.ask()).violation).toMatchObject({ code: 'CONTENT_TOO_LARGE' });
    expect(asked.outcomes).toEqual(['bound blocked']);
  });

  it('leaves plugins for everybody their own', async () => {
    const ignoring = { ...bound, onError: 'ignore' } as const;
    const asked = new Asked([pluginOf('bound', { tool_pre_invoke: looks }, ignoring, noTime), plugin('file', looks)]);
    expect((await asked.ask()).violation).toBe(undefined);
    expect((await asked.ask({ ...PAYLOAD, args: { n: 'a' } })).violation).toBe(VIOLATION);
    expect(asked.outcomes).toEqual(['bound error', 'bound error', 'file blocked']);
  });
});
