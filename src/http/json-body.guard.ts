import { isJsonContentType, type JsonFault, parseBounded } from '#libs/mcp';
import { type CanActivate, type ExecutionContext, Injectable, type Type } from '@nestjs/common';
import type { Request } from 'express';
import { GatewayError } from './errors.js';
import { ValidationSettings } from './fields/validation.settings.js';
import { formIn, takesForm } from './form-body.js';
import { HttpSettings } from './http.settings.js';
import { readBody } from './read-body.js';
import { routePolicyOf } from './route-policy.js';

const FAULTS: Readonly<Record<Exclude<JsonFault, 'too_deep'>, string>> = {
  not_utf8: 'is not UTF-8',
  not_json: 'is not JSON',
  duplicate_member: 'gives a member more than once',
  forbidden_member: 'has a member __proto__',
};

/** RFC 7644 section 3.1. */
const SCIM = /^application\/scim\+json\s*(;|$)/i;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** The last of the guards reads the body, so that nobody's bytes are parsed who may not call. MCP endpoints have their own. */
@Injectable()
export class JsonBodyGuard implements CanActivate {
  constructor(
    private readonly settings: HttpSettings,
    private readonly validation: ValidationSettings,
  ) {}

  canActivate(context: ExecutionContext): true | Promise<true> {
    const request = context.switchToHttp().getRequest<Request>();
    if (!hasBody(request) || routePolicyOf(context.getHandler(), context.getClass<Type>())?.kind === 'mcp') return true;
    return this.#read(request, takesForm(context.getHandler()));
  }

  async #read(request: Request, asForm: boolean): Promise<true> {
    const { 'content-type': type, 'content-encoding': encoding } = request.headers;
    if (!(asForm ? FORM.test(type ?? '') : isJsonContentType(type) || SCIM.test(type ?? '')))
      throw new GatewayError('unsupported_media_type', asForm ? `Content-Type must be ${FORM_TYPE}` : undefined);
    if (encoding !== undefined)
      throw new GatewayError('unsupported_media_type', 'Content-Encoding: send the body as it is');
    const body = await readBody(request, this.settings.maxBodyBytes, 'MAX_BODY_BYTES');
    request.context.bytesIn = body.length;
    if (body.length > 0) request.body = asForm ? membersIn(body) : objectIn(body, this.validation.jsonDepth);
    return true;
  }
}

const hasBody = ({ headers }: Request): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

function membersIn(body: Buffer): object {
  const form = formIn(body);
  if (!form) throw new GatewayError('bad_request', `The body ${FAULTS.duplicate_member}`);
  return form;
}

function objectIn(body: Buffer, deepest: number): object {
  const parsed = parseBounded(body, deepest);
  if (typeof parsed === 'string') {
    const fault = parsed === 'too_deep' ? `is nested deeper than ${deepest}` : FAULTS[parsed];
    throw new GatewayError('bad_request', `The body ${fault}`);
  }
  const { value } = parsed;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new GatewayError('bad_request', 'The body is not a JSON object');
}
