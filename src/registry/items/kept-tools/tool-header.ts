import { HEADER_NAME, HEADER_VALUE, OWN_HEADERS } from '../../gateways/dto/gateway-wish.dto.js';

const CREDENTIAL = /^(proxy-)?authorization$|cookie|api-?key|token|secret|password/i;
// Who the caller is, the gateway does not let a tool's maker or an agent say.
const FORWARDED = /^(forwarded|via|x-forwarded-.*|x-real-ip|proxy-.*)$/i;

/** Why a header can't be part of a tool's calls; completes "X-Name …". */
export function headerFault(name: string): string | undefined {
  if (!HEADER_NAME.test(name)) return 'is no header name';
  if (!OWN_HEADERS.test(name) || FORWARDED.test(name)) return 'is a header that the gateway sets itself';
  return CREDENTIAL.test(name) ? 'looks like a credential: use authType, which keeps it sealed' : undefined;
}

/** Nothing that could end the header and begin another. */
export const isHeaderValue = (value: string): boolean => value.length <= 8192 && HEADER_VALUE.test(value);
