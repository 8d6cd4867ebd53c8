import { describe, expect, it } from 'vitest';
import { acceptsEventStream, acceptsJson, isJsonContentType } from './media-type.js';

describe(isJsonContentType.name, () => {
  it.each([
    'application/json',
    'Application/JSON',
    ' application/json ',
    'application/json; charset=utf-8',
    'application/json ;charset=UTF-8; x=y',
    'application/json;',
  ])('accepts %j', (header) => {
    expect(isJsonContentType(header)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'text/plain',
    'application/json-rpc',
    'application/problem+json',
    'text/json',
    'application/x-www-form-urlencoded',
    'text/plain; application/json',
    'application/json, text/plain',
    'application / json',
  ])('refuses %j', (header) => {
    expect(isJsonContentType(header)).toBe(false);
  });
});

describe(acceptsJson.name, () => {
  it.each<[string | undefined, boolean, boolean]>([
    [undefined, true, true],
    ['', true, true],
    ['*/*', true, true],
    ['application/json, text/event-stream', true, true],
    ['text/event-stream,application/json', true, true],
    ['Application/JSON; q=0.5, Text/Event-Stream;q=1', true, true],
    ['application/json', true, false],
    ['text/event-stream', false, true],
    ['application/*', true, false],
    ['text/*', false, true],
    ['application/*, text/*;q=0.1', true, true],
    ['text/html', false, false],
    ['text/html, */*;q=0.1', true, true],
    ['application/json;q=0, */*', false, true],
    ['*/*, text/event-stream; q=0.000', true, false],
    ['*/*;q=0', false, false],
    ['application/json;q=0.01, text/event-stream', true, true],
    ['application/jsonp, text/event-streams', false, false],
    ['application/json; version=1, text/event-stream', true, true],
    ['*', false, false],
    [',,', false, false],
  ])('reads %j: JSON %s, SSE %s', (accept, json, stream) => {
    expect([acceptsJson(accept), acceptsEventStream(accept)]).toEqual([json, stream]);
  });
});
