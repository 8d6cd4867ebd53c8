import { describe, expect, it } from 'vitest';
import { knowsTasks, taskCapabilities, TASKS_EXTENSION } from './tasks-capability.js';

describe('what is said of tasks', () => {
  it('is the extension in 2026-07-28', () => {
    expect(knowsTasks({ extensions: { [TASKS_EXTENSION]: {} } })).toBe(true);
    for (const none of [
      undefined,
      {},
      { extensions: [] },
      { extensions: { [TASKS_EXTENSION]: true } },
      { tasks: {} },
    ]) {
      expect(knowsTasks(none)).toBe(false);
    }
  });

  it('is a capability in 2025-11-25', () => {
    const tasks = { list: {}, cancel: {}, requests: { tools: { call: {} } } };
    expect(taskCapabilities({ tasks })).toEqual({ list: true, cancel: true });
    expect(taskCapabilities({ tasks: { requests: tasks.requests } })).toEqual({ list: false, cancel: false });
    for (const none of [{}, { tasks: { list: {} } }, { tasks: true }, { tasks: { requests: { tools: {} } } }]) {
      expect(taskCapabilities(none)).toBeUndefined();
    }
  });
});
