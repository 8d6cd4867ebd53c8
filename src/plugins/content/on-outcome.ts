import type { JsonObject } from '#libs/mcp';
import type { CallError } from '../hooks.js';
import type { PluginContext } from '../plugin-context.js';

interface Outcome {
  readonly result: JsonObject;
  readonly error?: CallError;
}

/** Makes another value of one; the very same where there is nothing to change. */
export type Rewriting = (value: JsonObject, context: PluginContext) => JsonObject;

/** Rewrites what came of a call, be it a result or an error: a handler for every hook that runs after one. */
export const onOutcome =
  (rewriting: Rewriting) =>
  <P extends Outcome>(payload: P, context: PluginContext): { payload: P } | undefined => {
    const { result, error } = payload;
    const madeResult = rewriting(result, context);
    const madeError = error && rewriting(error as CallError & JsonObject, context);
    if (madeResult === result && madeError === error) return undefined;
    return { payload: { ...payload, result: madeResult, ...(madeError && { error: madeError }) } };
  };

/** Rewrites the arguments: a handler for the hooks that run before a tool or a prompt is asked. */
export const onArguments =
  (rewriting: Rewriting) =>
  <P extends { readonly args: JsonObject }>(payload: P, context: PluginContext): { payload: P } | undefined => {
    const args = rewriting(payload.args, context);
    return args === payload.args ? undefined : { payload: { ...payload, args } };
  };
