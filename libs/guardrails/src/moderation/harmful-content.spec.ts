import { describe, expect, it } from 'vitest';
import { HarmfulContentDetector } from './harmful-content.js';

const types = (detector: HarmfulContentDetector, text: string): string[] =>
  [...new Set(detector.find(text).map(({ type }) => type))].sort();

describe('HarmfulContentDetector', () => {
  const detector = new HarmfulContentDetector();
  it.each([
    ['I want to kill myself', ['self_harm']],
    ['I am going to kill you', ['violence']],
    ['all muslims are vermin', ['hate']],
    ['kill the process and remove the children', []],
    ['you are an idiot and this is shit', []],
  ])('%s', (text, expected) => {
    expect(types(detector, text)).toEqual(expected);
  });
});
