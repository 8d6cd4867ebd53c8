import { describe, expect, it } from 'vitest';
import { Circuit } from './circuit.js';

/** Without spread. */
const circuitOf = (threshold = 3): Circuit => new Circuit({ threshold, openMs: 1000 }, () => 0.5);

function opened(): Circuit {
  const circuit = circuitOf();
  for (let times = 0; times < 3; times++) circuit.missed(100);
  return circuit;
}

describe(Circuit.name, () => {
  it('opens after so many outages in a row', () => {
    const circuit = circuitOf();
    circuit.missed(1);
    circuit.missed(2);
    expect([circuit.isOpen, circuit.enter(2)]).toEqual([false, 0]);
    circuit.missed(3);
    expect([circuit.isOpen, circuit.enter(3)]).toEqual([true, 1000]);
  });

  it('starts counting anew with each answer', () => {
    const circuit = circuitOf();
    for (let times = 0; times < 10; times++) {
      circuit.missed(1);
      circuit.missed(1);
      circuit.answered();
    }
    expect(circuit.isOpen).toBe(false);
  });

  it('lets one call through after the pause, and no other until the next', () => {
    const circuit = opened();
    expect([circuit.enter(1099), circuit.enter(1100), circuit.enter(1100), circuit.enter(2099)]).toEqual([
      1, 0, 1000, 1,
    ]);
    expect(circuit.enter(2100)).toBe(0);
  });

  it('closes with the first answer, also to a call that was let in before', () => {
    const circuit = opened();
    circuit.answered();
    expect([circuit.isOpen, circuit.enter(101)]).toEqual([false, 0]);
  });

  it('stays open when the probe fails', () => {
    const circuit = opened();
    expect(circuit.enter(1500)).toBe(0);
    circuit.missed(1600);
    expect(circuit.enter(1700)).toBe(900);
  });

  it('spreads the ends of its pauses', () => {
    const pauses = [0, 0.5, 1].map((chance) => {
      const circuit = new Circuit({ threshold: 1, openMs: 1000 }, () => chance);
      circuit.missed(0);
      return circuit.enter(0);
    });
    expect(pauses.map(Math.round)).toEqual([800, 1000, 1200]);
  });

  it('never opens at a threshold of 0', () => {
    const circuit = circuitOf(0);
    for (let times = 0; times < 100; times++) circuit.missed(0);
    expect(circuit.isOpen).toBe(false);
  });
});
