/** A domain in lower case, such as example.com. */
export const DOMAIN_NAME = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/;

/** Why a text is no domain; completes "which …". */
export const domainFault = (text: string): string | undefined =>
  DOMAIN_NAME.test(text) ? undefined : 'is not a domain such as example.com, in lower case';
