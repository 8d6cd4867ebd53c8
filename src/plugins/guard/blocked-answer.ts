import { errorBody, type JsonObject, type JsonRpcId, RPC_CODES } from '#libs/mcp';
import { BytesAnswer } from '../../http/answer.js';
import type { HookOutcome } from '../chain/run-hook.js';
import type { Hook } from '../hooks.js';
import type { Violation } from '../plugin.js';
import { headersOf, statusOf } from './violation-status.js';

/** Which words a door has for a block. */
export type Door = 'mcp' | 'rpc' | 'rest';

interface Told {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly data: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the client gets in the place of a call, or of an answer, that a guardrail holds back. */
export class BlockedAnswer extends BytesAnswer {
  private constructor(
    id: JsonRpcId | undefined,
    readonly told: Told,
    /** The pinned words: `{hook} blocked by plugin {name}: {code} - {reason} ({description})`. */
    readonly text: string,
  ) {
    const { status, code, message, data, headers } = told;
    super(status, Buffer.from(errorBody(id, code, message, data)), headers);
  }

  /** Of a plugin that refused. */
  static by(id: JsonRpcId | undefined, hook: Hook, plugin: string, violation: Violation, door: Door): BlockedAnswer {
    const { code, reason, description, details = {}, mcpErrorCode = RPC_CODES.invalidParams } = violation;
    const text = `${hook} blocked by plugin ${plugin}: ${code} - ${reason} (${description})`;
    const message = door === 'mcp' ? text : `Plugin Violation: ${description}`;
    const data = { description, details, plugin_error_code: code, plugin_name: plugin };
    const headers = headersOf(violation);
    return new BlockedAnswer(id, { status: statusOf(violation), code: mcpErrorCode, message, data, headers }, text);
  }

  /** Of a plugin that failed where nothing may pass that it has not looked at. What went wrong is for the log. */
  static failed(id: JsonRpcId | undefined, hook: Hook, plugin: string): BlockedAnswer {
    const message = `Plugin Error: ${plugin} failed in ${hook}`;
    const data = { plugin_name: plugin };
    return new BlockedAnswer(id, { status: 500, code: RPC_CODES.internalError, message, data, headers: {} }, message);
  }

  /** Of a call that no guardrail can be shown as it is. */
  static malformed(id: JsonRpcId | undefined, text: string): BlockedAnswer {
    return new BlockedAnswer(
      id,
      { status: 400, code: RPC_CODES.invalidParams, message: text, data: {}, headers: {} },
      text,
    );
  }

  static of(id: JsonRpcId | undefined, hook: Hook, outcome: HookOutcome<Hook>, door: Door): BlockedAnswer {
    const { violation, plugin = 'unknown' } = outcome;
    return violation ? this.by(id, hook, plugin, violation, door) : this.failed(id, hook, plugin);
  }
}

export const isBlocked = ({ violation, failed }: HookOutcome<Hook>): boolean =>
  violation !== undefined || failed === true;
