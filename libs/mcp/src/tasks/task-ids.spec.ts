import { describe, expect, it } from 'vitest';
import { LONGEST_TASK_ID, listedTasks, taskIdAt, withTaskIds } from './task-ids.js';

const OF_GET = ['result', 'taskId'];
const RELATED = (id: string) => `"_meta":{"a":1.0,"io.modelcontextprotocol/related-task":{"taskId":"${id}", "b":[ ]}}`;

function rewritten(message: string, place?: readonly string[]): string | undefined {
  return withTaskIds(Buffer.from(message), place, (id) => (id.startsWith('t') ? `gate:${id}` : undefined))?.toString();
}

describe('withTaskIds', () => {
  it.each([
    [' {"id":1,"result":{ "taskId" : "t1" ,"ttlMs":1.0}}', OF_GET],
    ['{"result":{"task":{"status":"working","taskId":"t1"},"taskId":"t9"}}', ['result', 'task', 'taskId']],
    ['{"method":"notifications/tasks/status","params":{"taskId":"t1","é":"\\"taskId\\""}}', ['params', 'taskId']],
    ['{"result":{"content":[],"x":{"taskId":"deep"},"task\\u0049d":"t1"}}', OF_GET],
  ])('changes the one id and no other byte: %s', (message, place) => {
    expect(rewritten(message, place)).toBe(message.replace('"t1"', '"gate:t1"'));
  });

  it('changes what a message belongs to, wherever that is said', () => {
    const answer = (one: string, two: string) => `{"result":{${RELATED(one)},"result":{${RELATED(two)}}}}`;
    expect(rewritten(answer('t1', 't2'))).toBe(answer('gate:t1', 'gate:t2'));
    expect(rewritten(`{"params":{${RELATED('t1')}}}`)).toBe(`{"params":{${RELATED('gate:t1')}}}`);
    expect(rewritten(answer('unknown', 't2'))).toBe(answer('unknown', 'gate:t2'));
  });

  it('changes nothing in a message that is about no task', () => {
    const message = Buffer.from('{"result":{"taskId":"t1"}}');
    expect(withTaskIds(message, undefined, () => 'x')).toBe(message);
  });

  it('takes of a member that is given twice the one that JSON.parse takes', () => {
    expect(rewritten('{"result":{"taskId":"t1","taskId":"t2"}}', OF_GET)).toBe(
      '{"result":{"taskId":"t1","taskId":"gate:t2"}}',
    );
  });

  it.each([
    '{"result":{}}',
    '{"result":[]}',
    '{"error":{}}',
    '{"result":{"taskId":7}}',
    '{"result":{"taskId":""}}',
    '{"result":{"taskId":"unknown"}}',
    `{"result":{"taskId":"t${'x'.repeat(LONGEST_TASK_ID)}"}}`,
  ])('has nothing to say without an id: %s', (message) => {
    expect(rewritten(message, OF_GET)).toBeUndefined();
  });

  it('reads the id of a task', () => {
    expect(taskIdAt(Buffer.from('{"result":{"taskId":"t\\u0031"}}'), OF_GET)).toBe('t1');
    expect(taskIdAt(Buffer.from('{"result":{}}'), OF_GET)).toBeUndefined();
  });
});

describe('listedTasks', () => {
  it('leaves out what has no id here', () => {
    const tasks = [{ taskId: 't1', status: 'working', more: 1 }, { taskId: 'other' }, { status: 'failed' }, 7];
    const ids = new Map([['t1', 'gate:t1']]);
    expect(listedTasks({ tasks }, (id) => ids.get(id))).toEqual([{ taskId: 'gate:t1', status: 'working', more: 1 }]);
    for (const other of [{}, { tasks: {} }, undefined]) expect(listedTasks(other, () => 'x')).toEqual([]);
  });
});
