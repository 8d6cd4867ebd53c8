import { Egress } from '#libs/egress';
import { isJsonObject, type McpCall, WrittenNumbers } from '#libs/mcp';
import { Injectable, Logger } from '@nestjs/common';
import { type Answer, BytesAnswer } from '../../http/answer.js';
import { GATE_IDENTITY } from '../../config/gate-identity.js';
import type { CatalogItem } from '../../registry/catalog/catalog.js';
import { KeptCredentials } from '../../registry/items/kept-tools/kept-credentials.js';
import { type RestCall, restCallOf } from '../../registry/items/kept-tools/rest-call.js';
import { type GuardedHeaders, settableHeaders } from '../forward/target-of-call.js';
import { CallWatch, type WatchedCall } from '../forward/call-watch.js';
import { egressFault, EXCHANGE_FAULTS, type ExchangeFault, faultBody, noteFault } from '../forward/exchange-fault.js';
import { GateSettings } from '../gate.settings.js';
import { toolAnswer } from '../gate/opening.js';
import { ArgumentFault, type RestRequest, restRequest } from './rest-request.js';
import { errorResult, restResult } from './rest-result.js';
import { argumentFault } from './tool-arguments.js';

type Headers = Readonly<Record<string, string>>;

const OWN_HEADERS = {
  accept: 'application/json, text/*;q=0.9, */*;q=0.1',
  'accept-encoding': 'identity',
  'user-agent': `${GATE_IDENTITY.name}/${GATE_IDENTITY.version}`,
};

/** What a call of a tool is made with. */
interface KeptToolCall extends WatchedCall {
  readonly headers: GuardedHeaders | undefined;
  readonly deadlineMs?: number | undefined;
}

/** Calls the tools that the gateway keeps: over HTTP, at the one address that each of them has. */
@Injectable()
export class KeptTools {
  readonly #log = new Logger(KeptTools.name);

  constructor(
    private readonly egress: Egress,
    private readonly credentials: KeptCredentials,
    private readonly watch: CallWatch,
    private readonly settings: GateSettings,
  ) {}

  /** The caller may; that has been decided. */
  async answer(item: CatalogItem, at: KeptToolCall): Promise<Answer> {
    const tool = restCallOf(item.kept ?? {});
    const request = requestOf(item, tool, at.call);
    if (typeof request === 'string') {
      at.context.failed = 'invalid_arguments';
      return toolAnswer(at.call, errorResult(`The call was not made: ${request}`));
    }
    const credential = await this.#credential(item);
    if (!credential) return failed(at, 'upstream_refused_credentials');
    const structured = 'outputSchema' in item.definition;
    return this.#call({ item, tool, request, guarded: settableHeaders(at.headers), credential, structured }, at);
  }

  async #call({ item, tool, request, guarded, credential, structured }: Outgoing, at: KeptToolCall): Promise<Answer> {
    const { method, url, body } = request;
    const giveUp = new AbortController();
    let ended: ExchangeFault | undefined;
    const forget = this.watch.begin(at, (fault) => {
      ended ??= fault;
      giveUp.abort();
    });
    try {
      const answer = await this.egress.request(url, {
        method,
        // The credential comes last: nothing that the maker of the tool or a caller wrote can stand in for it.
        headers: {
          ...OWN_HEADERS,
          ...request.headers,
          ...guarded,
          ...(body !== undefined && JSON_BODY),
          ...credential,
        },
        ...(body !== undefined && { body }),
        timeoutMs: Math.min(tool.timeoutMs, this.settings.toolTimeoutSeconds * 1000, at.deadlineMs ?? Infinity),
        maxBytes: this.settings.keptToolMaxBytes,
        signal: giveUp.signal,
      });
      if (answer.status === 401) await this.credentials.refused(item);
      const result = restResult(answer, { jsonpathFilter: tool.jsonpathFilter, structured });
      if (result.isError) at.context.failed = 'upstream_failed';
      return toolAnswer(at.call, result);
    } catch (error) {
      return failed(at, ended ?? egressFault(error));
    } finally {
      forget();
    }
  }

  /** Undefined when it can't be opened, or a secret of it can't be had: the tool is not called without. */
  async #credential(item: CatalogItem): Promise<Headers | undefined> {
    try {
      return await this.credentials.headersOf(item);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      this.#log.error({ message: 'a tool is not called: its credential cannot be used', toolId: item.id, reason });
      return undefined;
    }
  }
}

interface Outgoing {
  readonly item: CatalogItem;
  readonly tool: RestCall;
  readonly request: RestRequest;
  /** What guardrails set among its headers. */
  readonly guarded: Headers;
  readonly credential: Headers;
  readonly structured: boolean;
}

const JSON_BODY = { 'content-type': 'application/json' };

/** The request, or why there can't be one. */
function requestOf(
  { definition }: CatalogItem,
  tool: RestCall,
  { params, bytes, scan }: McpCall,
): RestRequest | string {
  const { inputSchema } = definition;
  const args = params?.['arguments'] ?? {};
  if (!isJsonObject(args)) return 'arguments must be an object';
  const fault = argumentFault(isJsonObject(inputSchema) ? inputSchema : {}, args);
  if (fault !== undefined) return fault;
  try {
    return restRequest(tool, args, new WrittenNumbers(bytes, scan.arguments));
  } catch (error) {
    if (error instanceof ArgumentFault) return error.message;
    throw error;
  }
}

/** What the model can do something about is the result of the tool; the end of a call is no result. */
function failed({ call, context }: WatchedCall, fault: ExchangeFault): Answer {
  noteFault(context, fault);
  if (fault.startsWith('upstream_') || fault === 'egress_refused')
    return toolAnswer(call, errorResult(EXCHANGE_FAULTS[fault].replaceAll('upstream server', 'tool')));
  return new BytesAnswer(200, faultBody(call.id, fault));
}
