import ipaddr from 'ipaddr.js';
import type { Attributes } from './attribute.js';
import type { Question } from './question.js';

/** What policies can read of a call, beside its arguments. All times are UTC. */
export const CALL_ATTRIBUTES = {
  address: {
    type: 'ipaddr',
    optional: true,
    read: ({ origin }) =>
      origin && ipaddr.isValid(origin.clientAddress) ? ipaddr.process(origin.clientAddress).toString() : undefined,
  },
  now: { type: 'datetime', read: ({ now }) => new Date(now).toISOString() },
  hour: { type: 'Long', read: ({ now }) => new Date(now).getUTCHours() },
  /** 1 is Monday, 7 Sunday. */
  weekday: { type: 'Long', read: ({ now }) => new Date(now).getUTCDay() || 7 },
  server: { type: 'String', optional: true, read: ({ origin }) => origin?.serverId },
} as const satisfies Attributes<Question>;
