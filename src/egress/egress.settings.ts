import { AddressPolicy } from '#libs/egress';
import { flag, integer, list, optional } from '../config/setting.js';
import { settings } from '../config/settings.js';

const CLOSED = {
  allowLoopback: false,
  allowPrivate: false,
  allowedNetworks: [],
  blockedNetworks: [],
  blockedHosts: [],
};

function networkFault(item: string): string | undefined {
  try {
    return void new AddressPolicy({ ...CLOSED, allowedNetworks: [item] });
  } catch {
    return 'is not an address or CIDR block';
  }
}

export class EgressSettings extends settings('Outbound requests', {
  allowLocalhost: flag('SSRF_ALLOW_LOCALHOST', false, 'Upstreams may be on this machine (127.0.0.0/8, ::1).'),
  allowPrivate: flag(
    'SSRF_ALLOW_PRIVATE_NETWORKS',
    false,
    'Upstreams may be in private networks (RFC 1918, RFC 4193).',
  ),
  allowedNetworks: list(
    'SSRF_ALLOWED_NETWORKS',
    [],
    'Addresses and CIDR blocks that upstreams may be in, whatever they are.',
    networkFault,
  ),
  blockedNetworks: list(
    'SSRF_BLOCKED_NETWORKS',
    [],
    'Addresses and CIDR blocks that are never reached; wins over everything that allows.',
    networkFault,
  ),
  blockedHosts: list('SSRF_BLOCKED_HOSTS', [], 'Host names that are never reached, with the names below them.'),
  skipSslVerify: flag('SKIP_SSL_VERIFY', false, 'Trust any certificate of an upstream. For trials only.'),
  caFile: optional('EGRESS_CA_FILE', 'Path of a PEM file with authorities to trust besides the system ones.'),
  connectTimeoutMs: integer(
    'EGRESS_CONNECT_TIMEOUT_MS',
    5000,
    { min: 100, max: 60_000 },
    'Longest look-up, connection and TLS handshake together, milliseconds.',
  ),
  connectionsPerOrigin: integer(
    'EGRESS_CONNECTIONS_PER_ORIGIN',
    128,
    { min: 1, max: 4096 },
    'Most connections for calls to one upstream; further calls wait.',
  ),
}) {}
