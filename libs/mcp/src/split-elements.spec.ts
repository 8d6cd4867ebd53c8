import { describe, expect, it } from 'vitest';
import { splitElements } from './split-elements.js';

describe(splitElements.name, () => {
  it.each([
    ['[1]', ['1']],
    [' [ 1 , 2.0 ,"a" ] ', ['1', '2.0', '"a"']],
    ['[{"a":[1,2]},[3,[4]],"],["]', ['{"a":[1,2]}', '[3,[4]]', '"],["']],
    ['[\n{"a":"\\"]"}\n,\tnull]', ['{"a":"\\"]"}', 'null']],
    ['[[],{}]', ['[]', '{}']],
    ['["ü,ü",[]]', ['"ü,ü"', '[]']],
  ])('cuts %s', (text, elements) => {
    expect(splitElements(Buffer.from(text)).map((bytes) => bytes.toString())).toEqual(elements);
  });
});
