import { describe, expect, it } from 'vitest';
import { RandomJson } from '../../../../test/fixtures/random-json.js';
import { SeededRandom } from '../../../../test/fixtures/seeded-random.js';
import type { Era } from '../revisions.js';
import { type AnswerShape, frameOf, incomingAnswer } from './incoming-answer.js';

const ERAS: readonly Era[] = ['legacy', 'modern'];
const random = new SeededRandom(20_251_125);
const json = new RandomJson(random);
// A string that holds such words must not be taken for a member.
const DIGITS = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

interface Sent {
  readonly body: string;
  readonly shape: AnswerShape;
}

function sent(): Sent {
  const [upstreamId, written] = random.pick([
    [1, '1'],
    [1, '1.0'],
    [-7, '-7'],
    ['a', '"a"'],
    ['a"', '"a\\""'],
    ['é', '"\\u00e9"'],
  ] as const);
  const members = ['structuredContent', 'content', '_meta', 'x'].map((name) => [`"${name}"`, json.value(3)] as const);
  const modern = [
    ['"resultType"', '"complete"'],
    ['"ttlMs"', '5'],
    ['"cacheScope"', '"public"'],
  ] as const;
  const chosen = [...members, ...modern].filter(() => random.below(2) === 0);
  const body = json.object([
    ['"jsonrpc"', '"2.0"'],
    ['"id"', written],
    ['"result"', json.object(chosen)],
    ...random.several(1, () => ['"x-result"', json.value(2)] as const),
  ]);
  const rawId = random.pick(['7', '7.0', '"client"']);
  const [from, to, cacheable] = [random.pick(ERAS), random.pick(ERAS), random.below(2) === 0];
  return { body: json.space() + body + json.space(), shape: { upstreamId, rawId, from, to, cacheable } };
}

/** What the client has to understand, said with values instead of bytes. */
function expectedOf({ body, shape }: Sent): object {
  const { result, ...message } = JSON.parse(body) as { readonly result: Readonly<Record<string, unknown>> };
  const { from, to, cacheable } = shape;
  const head = { ...message, id: JSON.parse(shape.rawId) as unknown };
  if (to === 'modern') {
    const kept = cacheable ? { ttlMs: result['ttlMs'] ?? 0, cacheScope: 'private' } : {};
    return { ...head, result: { resultType: 'complete', ...result, ...kept } };
  }
  if (from === 'legacy') return { ...head, result };
  const { resultType: _type, ttlMs: _ttl, cacheScope: _scope, ...plain } = result;
  const structured = plain['structuredContent'];
  const isObject = typeof structured === 'object' && structured !== null && !Array.isArray(structured);
  return {
    ...head,
    result: structured === undefined || isObject ? plain : { ...plain, structuredContent: { result: structured } },
  };
}

const answerTo = ({ body, shape }: Sent): unknown => {
  const frame = frameOf(Buffer.from(body));
  return frame && incomingAnswer(frame, shape);
};

/** Every number as it was written, in order, but for the id and what only one era knows. */
function digitsOf(text: string): string[] {
  const others = text.replaceAll(/"id"\s*:\s*("(?:[^"\\]|\\.)*"|[-\d.]+)|"ttlMs"\s*:\s*\d+/g, '');
  return (others.match(DIGITS) ?? []).filter((token) => !token.startsWith('"'));
}

describe(incomingAnswer.name, () => {
  it('says the same in the words of the client, and keeps every digit', () => {
    for (let round = 0; round < 5000; round += 1) {
      const one = sent();
      const answer = answerTo(one);
      if (!Buffer.isBuffer(answer)) throw new Error(`${String(answer)}: ${one.body}`);
      expect(JSON.parse(answer.toString()), one.body).toEqual(expectedOf(one));
      expect(digitsOf(answer.toString()), one.body).toEqual(digitsOf(one.body));
    }
  });

  it('passes the received bytes on where nothing differs', () => {
    for (let round = 0; round < 500; round += 1) {
      const { body, shape } = sent();
      const frame = frameOf(Buffer.from(body));
      const { id } = frame?.scan ?? {};
      if (!frame || !id) throw new Error(body);
      const rawId = frame.bytes.toString('utf8', id.start, id.end);
      expect(incomingAnswer(frame, { ...shape, rawId, from: 'legacy', to: 'legacy' })).toBe(frame.bytes);
    }
  });

  it('never throws and never answers with nothing, whatever an upstream sends', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '"id":1',
      '"result":{}',
      '"error":{',
      '0',
      ' ',
      '\u0000',
      'é',
    ];
    for (let round = 0; round < 20_000; round += 1) {
      const { body, shape } = sent();
      const at = random.below(body.length + 1);
      const cut = random.below(4);
      const damaged = body.slice(0, at) + random.several(2, () => random.pick(pieces)).join('') + body.slice(at + cut);
      const answer = answerTo({ body: damaged, shape });
      expect(answer === undefined || typeof answer === 'string' || Buffer.isBuffer(answer), damaged).toBe(true);
    }
  });
});
