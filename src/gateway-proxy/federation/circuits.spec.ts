import { describe, expect, it } from 'vitest';
import { gatewayPart } from '../../../test/fixtures/registry/catalog-parts.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import { BytesAnswer } from '../../http/answer.js';
import type { ExchangeFault } from '../forward/exchange-fault.js';
import { FaultAnswer, type FaultFacts } from '../forward/fault-answer.js';
import { Circuits } from './circuits.js';
import { FederationSettings } from './federation.settings.js';

const gateway = gatewayPart('clock');
const strict = (): Circuits => new Circuits(settingsOf(FederationSettings, { CIRCUIT_BREAKER_THRESHOLD: '1' }));
const fault = (name: ExchangeFault, facts: FaultFacts = {}): FaultAnswer => new FaultAnswer(1, name, facts);

describe(Circuits.name, () => {
  it.each([
    ['upstream_unreachable', { unsent: true }],
    ['upstream_timeout', {}],
    ['upstream_timeout', { status: 200 }],
    ['upstream_closed', {}],
    ['upstream_failed', { status: 500 }],
    ['upstream_busy', { status: 503 }],
  ] as const)('take %s (%j) for an outage', (name, facts) => {
    const circuits = strict();
    circuits.judge(gateway, fault(name, facts));
    expect(circuits.of(gateway).isOpen).toBe(true);
  });

  it.each([
    ['upstream_busy', { status: 429 }],
    ['upstream_refused_credentials', { status: 401 }],
    ['upstream_failed', { status: 404 }],
    ['upstream_invalid_answer', { status: 200 }],
    ['upstream_closed', { status: 200 }],
    // Too many calls of our own wait for a connection.
    ['upstream_busy', { unsent: true }],
    ['egress_refused', { unsent: true }],
    ['cancelled', {}],
    ['token_revoked', {}],
    ['client_too_slow', { status: 200 }],
  ] as const)('take %s (%j) for none', (name, facts) => {
    const circuits = strict();
    circuits.judge(gateway, fault(name, facts));
    expect(circuits.of(gateway).isOpen).toBe(false);
  });

  it('learn nothing from a call that was cancelled, and all from one that was answered', () => {
    const circuits = strict();
    circuits.judge(gateway, fault('upstream_unreachable'));
    circuits.judge(gateway, fault('cancelled'));
    expect(circuits.of(gateway).isOpen).toBe(true);
    circuits.judge(gateway, new BytesAnswer(200, Buffer.from('{"error":{}}')));
    expect(circuits.of(gateway).isOpen).toBe(false);
  });

  it('are one for each upstream, and anew for another address or credential', () => {
    const circuits = strict();
    circuits.judge(gateway, fault('upstream_unreachable'));
    expect(circuits.of({ ...gateway, reachable: false }).isOpen).toBe(true);
    expect(circuits.of(gatewayPart('other')).isOpen).toBe(false);
    expect(circuits.of({ ...gateway, target: { ...gateway.target } }).isOpen).toBe(false);
  });
});
