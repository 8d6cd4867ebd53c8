import { EgressError } from '#libs/egress';
import { UpstreamError } from '#libs/mcp';
import { describe, expect, it } from 'vitest';
import { attemptFault } from './attempt-fault.js';

describe(attemptFault.name, () => {
  it.each([
    [new UpstreamError('unreachable', 'is away'), 'upstream_unreachable'],
    [new UpstreamError('untrusted', 'is somebody else'), 'upstream_untrusted'],
    [new UpstreamError('unreachable', 'is out of order', { httpStatus: 500 }), 'upstream_failed'],
    [new UpstreamError('unreachable', 'is out of order', { httpStatus: 503 }), 'upstream_busy'],
    [new UpstreamError('refused', 'has all of its sessions in use'), 'upstream_busy'],
    [new UpstreamError('refused', 'no', { cause: new EgressError('address_refused', 'no') }), 'egress_refused'],
    [new UpstreamError('unreachable', 'full', { cause: new EgressError('busy', 'full') }), 'upstream_busy'],
    [new UpstreamError('auth_required', 'refused'), 'upstream_refused_credentials'],
    [new EgressError('url_refused', 'no'), 'egress_refused'],
    [new EgressError('aborted', 'the end'), 'cancelled'],
  ])('tells of %s as %s', (error, fault) => {
    expect(attemptFault(error)).toBe(fault);
  });

  it('throws on what is a bug', () => {
    expect(() => attemptFault(new TypeError('bug'))).toThrow('bug');
  });
});
