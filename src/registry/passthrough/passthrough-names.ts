import type { TransformFnParams } from 'class-transformer';
import { ValidateBy, type ValidationOptions } from 'class-validator';

const NAME = /^[A-Za-z0-9-]{1,128}$/;
const MOST = 50;
const LONGEST_LIST = MOST * 130;

/** A caller's credential for the upstream, which gets it as `Authorization`. */
export const UPSTREAM_AUTHORIZATION = 'x-upstream-authorization';

/** A caller's credentials for many upstreams at once, of which a guardrail picks one; the header itself goes to none of them. */
export const VAULT_TOKENS = 'x-vault-tokens';

/**
 * Headers that frame a message or a connection, that say what a message means, by which callers prove to Portcullis who
 * they are, or by which proxies say whence a call comes. `accept` may be listed: it counts where base headers give way.
 */
const OURS =
  /^(accept-(charset|encoding)|authorization|connection|content-.*|cookie2?|date|dpop|dpop-nonce|expect|forwarded|host|http2-settings|keep-alive|last-event-id|mcp-.*|origin|proxy-.*|range|referer|sec-.*|set-cookie2?|te|trailers?|transfer-encoding|upgrade|via|www-authenticate|x-authenticated-user|x-csrf-token|x-forwarded.*|x-http-method.*|x-original-.*|x-real-ip|x-rewrite-url|true-client-ip|cf-connecting-ip|x-client-ip|x-cluster-client-ip)$/;

/** Why a header of callers must never be passed on, completing "it …"; undefined for one that may be. @param name in any case */
export function passthroughFault(name: string): string | undefined {
  if (!NAME.test(name)) return 'is not 1 to 128 letters, digits and hyphens';
  return OURS.test(name.toLowerCase()) ? 'belongs to the connection, the protocol or the credential' : undefined;
}

/** The same for a list that holds for every gateway. */
export function globalPassthroughFault(name: string): string | undefined {
  if (name.toLowerCase() === UPSTREAM_AUTHORIZATION) return 'has to be listed by each gateway that is to get it';
  return passthroughFault(name);
}

/** A list, or names separated by commas, each once whatever its case. */
export function toHeaderNames({ value }: TransformFnParams): unknown {
  const list: unknown = typeof value === 'string' && value.length <= LONGEST_LIST ? value.split(',') : value;
  if (!Array.isArray(list) || list.length > MOST || !list.every((name) => typeof name === 'string')) return list;
  const names = list.map((name) => name.trim()).filter((name) => name !== '');
  const spelled = names.map((name) => name.toLowerCase());
  return names.filter((_, index) => spelled.indexOf(spelled[index] ?? '') === index);
}

function listFault(value: unknown, faultOf: (name: string) => string | undefined): string | undefined {
  if (!Array.isArray(value) || value.length > MOST) return `must be a list of at most ${MOST} header names`;
  for (const name of value as unknown[]) {
    const fault = typeof name === 'string' ? faultOf(name) : 'is no text';
    if (fault !== undefined) return `has ${JSON.stringify(name)?.slice(0, 140)}, which ${fault}`;
  }
  return undefined;
}

/** @param faultOf what is wrong with one name; completes "it …" */
export const ArePassthroughHeaders = (faultOf = passthroughFault, options?: ValidationOptions): PropertyDecorator =>
  ValidateBy(
    {
      name: 'arePassthroughHeaders',
      validator: {
        validate: (value: unknown) => listFault(value, faultOf) === undefined,
        defaultMessage: (args) => `${args?.property} ${listFault(args?.value, faultOf) ?? 'is refused'}`,
      },
    },
    options,
  );
