import { isJsonObject, type JsonObject, RPC_CODES } from '#libs/mcp';
import type { Answer } from '../../http/answer.js';
import { BytesAnswer } from '../../http/answer.js';
import { GatewayError } from '../../http/errors.js';

const MOST_QUOTED = 500;

/** The result in an MCP answer. @throws GatewayError that says over REST what the error in it says over MCP */
export function mcpResult(answer: Answer): JsonObject {
  const message = answer instanceof BytesAnswer ? parsed(answer.body) : undefined;
  const { result, error } = isJsonObject(message) ? message : {};
  if (isJsonObject(result)) {
    const { resultType = 'complete' } = result;
    if (resultType === 'complete') return result;
    throw new GatewayError('upstream_failed', 'The upstream server asks for input, which REST can’t give');
  }
  throw isJsonObject(error) ? errorOf(error) : new GatewayError('upstream_failed', 'The upstream sent no answer');
}

function errorOf({ code, message, data }: JsonObject): GatewayError {
  const text = typeof message === 'string' ? message.slice(0, MOST_QUOTED) : '';
  const { reason, uri } = isJsonObject(data) ? data : {};
  if (code === RPC_CODES.resourceNotFound || (code === RPC_CODES.invalidParams && uri !== undefined))
    return new GatewayError('not_found', text);
  if (code === RPC_CODES.invalidParams) return new GatewayError('validation_failed', text);
  if (reason === 'content_changed') return new GatewayError('conflict', text);
  return new GatewayError('upstream_failed', text, typeof reason === 'string' ? reason.slice(0, 64) : undefined);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
