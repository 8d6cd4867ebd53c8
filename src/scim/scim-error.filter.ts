import { type ArgumentsHost, Catch } from '@nestjs/common';
import type { Response } from 'express';
import { ErrorFilter } from '../http/error.filter.js';
import { GatewayError } from '../http/errors.js';
import { ScimFault } from './scim-fault.js';
import { SCIM_JSON } from './scim-media-type.js';
import { ScimSettings } from './scim.settings.js';

/** Tells errors as SCIM does (RFC 7644 section 3.12); where it is off, as everywhere else. */
@Catch()
export class ScimErrorFilter extends ErrorFilter {
  constructor(private readonly settings: ScimSettings) {
    super();
  }

  override answer(thrown: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (this.settings.enabled && !response.headersSent) response.setHeader('Content-Type', SCIM_JSON);
    super.answer(this.settings.enabled ? asFault(thrown) : thrown, host);
  }

  protected override body(error: GatewayError): object {
    if (!this.settings.enabled) return super.body(error);
    const { status, detail } = error;
    return {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...(error instanceof ScimFault && { scimType: error.scimType }),
      detail,
    };
  }
}

/** What the pipe says of fields; SCIM has no 422. */
function asFault(thrown: unknown): unknown {
  if (!(thrown instanceof GatewayError) || typeof thrown.detail === 'string') return thrown;
  const faults = thrown.detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`);
  return new ScimFault('invalidValue', faults.join('; '));
}
