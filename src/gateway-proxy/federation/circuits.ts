import type { UpstreamTarget } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import type { Answer } from '../../http/answer.js';
import type { CatalogGateway } from '../../registry/catalog/catalog.js';
import type { ExchangeFault } from '../forward/exchange-fault.js';
import { FaultAnswer } from '../forward/fault-answer.js';
import { Circuit, type CircuitRules } from './circuit.js';
import { FederationSettings } from './federation.settings.js';

/** The circuits of this replica: one for each upstream, address and credential, so that a changed one starts anew. */
@Injectable()
export class Circuits {
  readonly #log = new Logger(Circuits.name);
  readonly #circuits = new WeakMap<UpstreamTarget, Circuit>();
  readonly #rules: CircuitRules;

  constructor({ circuitThreshold: threshold, circuitOpenSeconds }: FederationSettings) {
    this.#rules = { threshold, openMs: circuitOpenSeconds * 1000 };
  }

  of({ target }: CatalogGateway): Circuit {
    let circuit = this.#circuits.get(target);
    if (!circuit) this.#circuits.set(target, (circuit = new Circuit(this.#rules)));
    return circuit;
  }

  /** Learns from what became of a call. An answer that began is one: what is said in it does not matter here. */
  judge(gateway: CatalogGateway, answer: Answer): void {
    const circuit = this.of(gateway);
    const wasOpen = circuit.isOpen;
    if (!(answer instanceof FaultAnswer)) circuit.answered();
    else if (isOutage(answer)) circuit.missed(performance.now());
    else if (answer.facts.status !== undefined) circuit.answered();
    if (circuit.isOpen === wasOpen) return;
    const { id: gatewayId, slug } = gateway;
    this.#log.warn({ message: `the circuit of an upstream ${wasOpen ? 'closes' : 'opens'}`, gatewayId, slug });
  }
}

const SILENCE: ReadonlySet<ExchangeFault> = new Set(['upstream_unreachable', 'upstream_timeout', 'upstream_closed']);

/** Nothing of it is the caller's doing: not what was refused, nor what was cancelled, nor what is too much. */
function isOutage({ fault, facts: { status } }: FaultAnswer): boolean {
  if (status === undefined) return SILENCE.has(fault);
  return status >= 500 || fault === 'upstream_timeout';
}
