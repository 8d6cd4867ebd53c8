import { Module } from '@nestjs/common';
import { GuardrailChain } from './guardrail-chain.js';
import { GuardrailInterceptor } from './guardrail.interceptor.js';

@Module({ providers: [GuardrailChain, GuardrailInterceptor], exports: [GuardrailInterceptor] })
export class PluginsModule {}
