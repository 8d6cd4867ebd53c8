import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import type { RoutePolicy } from '../../http/route-policy.js';
import { ANONYMOUS } from './anonymous.js';
import { CredentialSettings } from './credential.settings.js';

/** Where callers without any credential are let in. */
@Injectable()
export class AnonymousAccess implements OnModuleInit {
  readonly #log = new Logger(AnonymousAccess.name);

  constructor(private readonly settings: CredentialSettings) {}

  onModuleInit(): void {
    const { authRequired, mcpRequireAuth } = this.settings;
    // As errors, because warnings are not shown by default.
    if (!mcpRequireAuth)
      this.#log.error('MCP_REQUIRE_AUTH is false: anybody may list and call what is public, without a credential');
    if (!authRequired)
      this.#log.error('AUTH_REQUIRED is false: anybody may read public tools, resources and prompts over REST');
  }

  admits(policy: RoutePolicy, method: string | undefined): boolean {
    if (policy.kind === 'mcp') return !this.settings.mcpRequireAuth;
    if (policy.kind !== 'permission' || this.settings.authRequired) return false;
    return (method === 'GET' || method === 'HEAD') && ANONYMOUS.grants.everywhere.has(policy.permission);
  }
}
