import { describe, expect, it } from 'vitest';
import { type Searched, ToolIndex } from './tool-index.js';

const tool = (name: string, members: object = {}): Searched => ({ name, definition: { name, ...members } });
const TOOLS = [
  tool('mail-send-message', { description: 'Sends an e-mail to somebody.' }),
  tool('calendar-listEvents', { title: 'Termine', description: 'What is on, day by day.' }),
  tool('files_read', {
    description: 'Reads a file.',
    inputSchema: { type: 'object', properties: { filePath: { type: 'string' } } },
  }),
  tool('odd', { title: 7, description: null, inputSchema: [] }),
];

async function found(query: string, limit = 20, tools = TOOLS): Promise<string[]> {
  return (await ToolIndex.of(tools)).find(query, limit).map((match) => match.tool.name);
}

describe(ToolIndex.name, () => {
  it.each([
    ['send', 'mail-send-message'],
    ['events', 'calendar-listEvents'],
    ['TERMINE', 'calendar-listEvents'],
    ['file path', 'files_read'],
    ['calen', 'calendar-listEvents'],
    ['mesage', 'mail-send-message'],
    ['odd', 'odd'],
  ])('finds %s', async (query, name) => {
    expect((await found(query))[0]).toBe(name);
  });

  it.each(['', '   ', '-- ..', 'unheard'])('finds nothing for "%s"', async (query) => {
    expect(await found(query)).toEqual([]);
  });

  it('puts a name before a description, and equals in the order of the list', async () => {
    const tools = [tool('one', { description: 'weather' }), tool('weather'), tool('weather')];
    const index = await ToolIndex.of(tools);
    const matches = index.find('weather', 20);
    expect(matches.map((match) => tools.indexOf(match.tool))).toEqual([1, 2, 0]);
    expect(matches[0]?.score).toBeGreaterThan(matches[2]?.score ?? Infinity);
    expect(index.find('weather', 1)).toHaveLength(1);
  });

  it('reads no more of a query or a text than tells tools apart', async () => {
    const late = tool('late', { description: `${'x '.repeat(2_000)}needle` });
    expect(await found('needle', 20, [late])).toEqual([]);
    expect(await found(`${'zzz '.repeat(32)} send`)).toEqual([]);
  });

  it('forgives one letter of a word, however long it is', async () => {
    const tools = [tool('reauthentication')];
    expect(await found('reauthentocation', 20, tools)).toEqual(['reauthentication']);
    expect(await found('reauthontocation', 20, tools)).toEqual([]);
  });

  it('knows members of every object', async () => {
    const members = { inputSchema: { properties: { constructor: {}, toString: {} } } };
    expect(await found('constructor', 20, [tool('plain', members)])).toEqual(['plain']);
    expect(await found('__proto__ hasOwnProperty')).toEqual([]);
  });
});
