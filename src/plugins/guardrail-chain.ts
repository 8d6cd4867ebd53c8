import { Injectable } from '@nestjs/common';

/** The guardrails of the gate, in the order they run. None exist yet. */
@Injectable()
export class GuardrailChain {
  readonly isEmpty = true;
}
