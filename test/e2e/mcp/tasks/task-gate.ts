import { TASKS_EXTENSION } from '#libs/mcp';
import { expect } from 'vitest';
import { RawCaller } from '../raw-caller.js';
import { RawGate } from '../raw-gate.js';

/** What an upstream says that makes tasks, in the words of both eras. */
export const CAPABILITIES = {
  tools: {},
  tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
  extensions: { [TASKS_EXTENSION]: {} },
};
const TOOL = { description: 'Takes long.', inputSchema: { type: 'object' }, execution: { taskSupport: 'optional' } };

/** In `_meta` of a request of 2026-07-28: the client knows tasks. */
export const KNOWS_TASKS = {
  'io.modelcontextprotocol/clientCapabilities': { extensions: { [TASKS_EXTENSION]: {} } },
};

/** What every sealed id looks like. */
export const SEALED: unknown = expect.stringMatching(/^pc1\.[\w.-]+$/);

export const taskOf = (taskId: string, more: object = {}): object => ({
  taskId,
  status: 'working',
  createdAt: '2026-11-23T00:00:00Z',
  lastUpdatedAt: '2026-11-23T00:00:00Z',
  ...more,
});

/** A gate before upstreams that make tasks with two tools, and callers of its endpoints. */
export class TaskGate {
  readonly #open: RawCaller[] = [];

  private constructor(readonly raw: RawGate) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<TaskGate> {
    const tools = ['tool', 'other'].map((name) => ({ name, ...TOOL }));
    return new TaskGate(await RawGate.start({ capabilities: CAPABILITIES, tools }, settings));
  }

  at(endpoint: string, token = this.raw.token): RawCaller {
    const caller = new RawCaller(endpoint, token);
    this.#open.push(caller);
    return caller;
  }

  /** Runs something while nobody may call the tool of this name. */
  async withoutTool(name: string, run: () => Promise<void>): Promise<void> {
    const { running } = this.raw;
    const text = `forbid (principal, action == Action::"tools.execute", resource is Tool) when { resource.name == "${name}" };`;
    const { status, body } = await running.rest('POST', '/policies', { name: `no ${name}`, text });
    expect([status, body.detail]).toEqual([201, undefined]);
    expect((await running.rest('POST', `/policies/${body.id}/activate`)).status).toBe(200);
    try {
      await run();
    } finally {
      await running.rest('DELETE', `/policies/${body.id}`);
    }
  }

  async stop(): Promise<void> {
    for (const caller of this.#open) caller.close();
    await this.raw.stop();
  }
}
