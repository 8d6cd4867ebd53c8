import { Global, Module } from '@nestjs/common';
import { GuardrailChain } from './guardrail-chain.js';

@Global()
@Module({ providers: [GuardrailChain], exports: [GuardrailChain] })
export class PluginsModule {}
