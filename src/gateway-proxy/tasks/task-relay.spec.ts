import { frameOf, RELATED_TASK } from '#libs/mcp';
import { describe, expect, it } from 'vitest';
import { TaskRelay } from './task-relay.js';

const known = (id: string): string | undefined => (id === 'known' ? 'gate:known' : undefined);
const made = (id: string): string => `gate:${id}`;

function answered(relay: TaskRelay, result: string): string | undefined {
  const body = Buffer.from(`{"id":1,"result":${result}}`);
  const frame = frameOf(body);
  if (!frame) throw new Error('no frame');
  return relay.answer(body, frame)?.toString().slice('{"id":1,"result":'.length, -1);
}

describe('TaskRelay', () => {
  it.each([
    ['modern', '{"resultType":"task","taskId":"new"}', '{"resultType":"task","taskId":"gate:new"}'],
    ['modern', '{"resultType":"t\\u0061sk","taskId":"new"}', '{"resultType":"t\\u0061sk","taskId":"gate:new"}'],
    ['modern', '{"resultType":"task"}', undefined],
    ['modern', '{"resultType":"complete","taskId":"new"}', '{"resultType":"complete","taskId":"new"}'],
    ['legacy', '{"task":{"taskId":"new"}}', '{"task":{"taskId":"gate:new"}}'],
    ['legacy', '{"taskId":"new"}', '{"taskId":"new"}'],
  ] as const)('gives what a %s call has made an id: %s', (era, result, expected) => {
    expect(answered(new TaskRelay('tools/call', era, { known, made }), result)).toBe(expected);
  });

  it.each([
    ['{"taskId":"known","x":1.0}', '{"taskId":"gate:known","x":1.0}'],
    ['{"taskId":"new"}', undefined],
    ['{}', '{}'],
    [`{"_meta":{"${RELATED_TASK}":{"taskId":"known"}}}`, `{"_meta":{"${RELATED_TASK}":{"taskId":"gate:known"}}}`],
  ])('knows in an answer about a task only what was made here: %s', (result, expected) => {
    expect(answered(new TaskRelay('tasks/get', 'modern', { known }), result)).toBe(expected);
  });

  it('lets no news of a task pass that was not made here', () => {
    const relay = new TaskRelay('tasks/result', 'legacy', { known, made });
    const status = (id: string) => Buffer.from(`{"method":"notifications/tasks/status","params":{"taskId":"${id}"}}`);
    expect(relay.message(status('known'))).toEqual(status('gate:known'));
    expect(relay.message(status('new'))).toBeUndefined();
    const other = Buffer.from('{"method":"notifications/progress","params":{"taskId":"new"}}');
    expect(relay.message(other)).toBe(other);
  });

  it('lets nothing pass that is framed well and is not JSON', () => {
    expect(new TaskRelay('tasks/result', 'legacy', { known }).message(Buffer.from('{"method":tru}'))).toBeUndefined();
    expect(answered(new TaskRelay('tasks/get', 'modern', { known }), '{"taskId":"\\x"}')).toBeUndefined();
  });
});
