import { describe, expect, it } from 'vitest';
import { pumped } from '../../../test/fixtures/pumped.js';
import { type SseEvent, SseEventTooLargeError, sseFrame, SseReader } from './sse.js';

function readAll(text: string, chunkBytes = Number.MAX_SAFE_INTEGER): SseEvent[] {
  const reader = new SseReader(1024);
  const bytes = Buffer.from(text);
  const events: SseEvent[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    events.push(...reader.feed(bytes.subarray(at, at + chunkBytes)));
  return events;
}

describe(SseReader, () => {
  it.each([
    ['line feeds', '\n'],
    ['CRLF', '\r\n'],
    ['bare carriage returns', '\r'],
  ])('reads a stream with %s, however it is cut', (_name, end) => {
    const stream = [
      ': hello',
      'id: 7',
      'event: message',
      'data: {"a":"é€😀"}',
      '',
      'data: two',
      'data: lines',
      '',
      '',
    ].join(end);
    for (const size of [1, 2, 3, 5, 1000]) {
      expect(readAll(stream, size)).toEqual([
        { id: '7', event: 'message', data: '{"a":"é€😀"}' },
        { data: 'two\nlines' },
      ]);
    }
  });

  it('reads an event without a type and without a space after the colon', () => {
    expect(readAll('data:x\n\n')).toEqual([{ data: 'x' }]);
  });

  it('reports a priming event with empty data', () => {
    expect(readAll('id: 1\ndata: \n\nid: 2\ndata\n\n')).toEqual([
      { id: '1', data: '' },
      { id: '2', data: '' },
    ]);
  });

  it('carries the retry time with the next event only', () => {
    expect(readAll('retry: 500\n\ndata: a\n\ndata: b\n\nretry: soon\ndata: c\n\n')).toEqual([
      { data: 'a', retry: 500 },
      { data: 'b' },
      { data: 'c' },
    ]);
  });

  it('skips comments, unknown fields, a byte order mark and blocks without data', () => {
    expect(readAll('\uFEFF: keep-alive\n\nfoo: bar\n\nid: 3\n\ndata: x\n\n')).toEqual([{ data: 'x' }]);
  });

  it('does not report an event that is not finished', () => {
    expect(readAll('data: x\n')).toEqual([]);
  });

  it.each([
    ['an endless line', 'data: ' + 'x'.repeat(2000)],
    ['a long event in one chunk', `data: ${'x'.repeat(1025)}\n\n`],
    ['many data lines', 'data: 0123456789\n'.repeat(200)],
    ['more bytes than characters', `data: ${'€'.repeat(400)}\n\n`],
  ])('refuses %s, and everything after it', (_name, text) => {
    const reader = new SseReader(1024);
    expect(() => reader.feed(Buffer.from(text))).toThrow(SseEventTooLargeError);
    expect(() => reader.feed(Buffer.from('data: x\n\n'))).toThrow(SseEventTooLargeError);
  });

  it('refuses an event that grows over the limit chunk by chunk', () => {
    const reader = new SseReader(1024);
    const feedForever = () => {
      for (;;) reader.feed(Buffer.from('data: 0123456789\n'));
    };
    expect(feedForever).toThrow(SseEventTooLargeError);
  });

  it('accepts an event of exactly the limit and counts each event alone', () => {
    const reader = new SseReader(1024);
    for (let count = 0; count < 10; count++) {
      expect(reader.feed(Buffer.from(`data: ${'x'.repeat(1024)}`))).toEqual([]);
      expect(reader.feed(Buffer.from('\n\n'))).toHaveLength(1);
    }
  });

  it('stays linear on a stream of carriage returns', () => {
    const reader = new SseReader(1024);
    expect(reader.feed(Buffer.from(pumped('\r')))).toEqual([]);
  });
});

describe(sseFrame, () => {
  it('writes a message event that the reader reads back', () => {
    const frame = sseFrame('{"x":"é"}', 'stream.1');
    expect(frame.toString()).toBe('id: stream.1\nevent: message\ndata: {"x":"é"}\n\n');
    expect(new SseReader(100).feed(frame)).toEqual([{ id: 'stream.1', event: 'message', data: '{"x":"é"}' }]);
  });

  it('takes bytes and needs no id', () => {
    expect(sseFrame(Buffer.from('{}')).toString()).toBe('event: message\ndata: {}\n\n');
  });

  it.each(['{\n  "x": 1\n}', '{\r\n  "x": 1\r}'])('keeps pretty-printed JSON in one event', (json) => {
    const [event, ...more] = new SseReader(100).feed(sseFrame(json));
    expect(more).toEqual([]);
    expect(JSON.parse(event?.data ?? '')).toEqual({ x: 1 });
  });

  it.each(['1\ndata: {}', '1\r', '\0'])('refuses an id that would forge a field', (id) => {
    expect(() => sseFrame('{}', id)).toThrow(RangeError);
  });
});
