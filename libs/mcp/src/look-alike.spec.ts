import { describe, expect, it } from 'vitest';
import { lookAlike } from './look-alike.js';

describe(lookAlike.name, () => {
  it.each([
    [
      { jsonrpc: 1, id: 1, method: 1, params: 1 },
      { name: 1, uri: 1, taskId: 1, arguments: 1, _meta: 1 },
    ],
    [
      { extra: 1, methods: 1, met: 1, '': 1 },
      { cursor: 1, ref: 1, names: 1, task_id: 1, requestState: 1, Level: 1 },
    ],
    [{ toString: 1, constructor: 1 }, { hasOwnProperty: 1 }],
    [{ method: 1 }, undefined],
  ])('lets %j with %j pass', (message, params) => {
    expect(lookAlike(message, params)).toBeUndefined();
  });

  it.each([
    [{ Method: 1 }, {}, 'method'],
    [{ METHOD: 1, method: 1 }, {}, 'method'],
    [{ 'method\u0000': 1 }, {}, 'method'],
    [{ 'me\u0000thod': 1 }, {}, 'method'],
    [{ 'method ': 1 }, {}, 'method'],
    [{ paramſ: 1 }, {}, 'params'],
    [{ ID: 1 }, {}, 'id'],
    [{ JSONRPC: 1 }, {}, 'jsonrpc'],
    [{ Result: 1 }, {}, 'result'],
    [{}, { Name: 1 }, 'name'],
    [{}, { URI: 1 }, 'uri'],
    [{}, { taskid: 1 }, 'taskId'],
    [{}, { TaskId: 1 }, 'taskId'],
    [{}, { 'tas\u212aId': 1 }, 'taskId'],
    [{}, { argumentſ: 1 }, 'arguments'],
    [{}, { _META: 1 }, '_meta'],
    [{}, { 'name\u0000x': 1 }, 'name'],
  ])('finds in %j with %j what reads like %s', (message, params, known) => {
    expect(lookAlike(message, params)).toBe(known);
  });
});
