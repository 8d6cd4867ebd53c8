import type { JsonObject } from '../json-rpc.js';
import { quotedText } from './quoted-text.js';
import type { RpcAnswer } from './rpc-answer.js';
import { UpstreamError } from './upstream-error.js';
import { headerText } from './upstream-http.js';
import type { UpstreamTarget } from './upstream-target.js';

const MAX_CHALLENGE = 2048;

/**
 * The result of an answer.
 * @throws UpstreamError for everything else an answer can be.
 */
export function rpcResult(answer: RpcAnswer, method: string, target: UpstreamTarget): JsonObject {
  refuseOutage(answer);
  const { status, headers, outcome } = answer;
  if (outcome && 'result' in outcome) return complete(outcome.result, method);
  if (outcome) {
    const { code, message } = outcome.error;
    const text = `answered ${method} with error ${code}: ${quotedText(message, target)}`;
    throw new UpstreamError('rpc_error', text, { httpStatus: status, rpcCode: code });
  }
  throw new UpstreamError(
    'invalid_answer',
    `answered ${method} with ${described(status, headerText(headers, 'content-type'))}`,
    {
      httpStatus: status,
    },
  );
}

/**
 * Answers that say nothing about the method or the era.
 * @throws UpstreamError `auth_required` on 401 and 403, `unreachable` on 408, 429 and 5xx.
 */
export function refuseOutage({ status, headers }: RpcAnswer): void {
  if (status === 401 || status === 403) {
    const challenge = headerText(headers, 'www-authenticate')?.slice(0, MAX_CHALLENGE);
    throw new UpstreamError('auth_required', `refused the credentials (HTTP ${status})`, {
      httpStatus: status,
      ...(challenge !== undefined && { challenge }),
    });
  }
  if (status === 408 || status === 429 || status >= 500) {
    throw new UpstreamError('unreachable', `is out of order (HTTP ${status})`, { httpStatus: status });
  }
}

/** Only `complete` is a result here: nothing that the gate asks on its own behalf may ask back or become a task. */
function complete(result: JsonObject, method: string): JsonObject {
  const { resultType = 'complete' } = result;
  if (resultType === 'complete') return result;
  throw new UpstreamError('invalid_answer', `answered ${method} with a result that is not complete`);
}

function described(status: number, contentType: string | undefined): string {
  if (status >= 300 && status < 400) return `a redirect (HTTP ${status}); redirects are not followed`;
  const type = /^[\w.+-]{1,64}\/[\w.+-]{1,64}/.exec(contentType ?? '')?.[0] ?? 'nothing readable';
  return `HTTP ${status} and ${type}, which holds no answer to it`;
}
