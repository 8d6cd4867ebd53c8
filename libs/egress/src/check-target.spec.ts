import { describe, expect, it } from 'vitest';
import { AddressPolicy } from './address-policy.js';
import { checkTarget } from './check-target.js';
import { EgressError } from './egress-error.js';

const rules = {
  allowLoopback: false,
  allowPrivate: false,
  allowedNetworks: [],
  blockedNetworks: [],
  blockedHosts: ['Bücher.example'],
};
const policy = new AddressPolicy(rules);

function refusalOf(url: string, judge = policy, allowHttp = true): EgressError | undefined {
  try {
    checkTarget(new URL(url), judge, allowHttp);
    return undefined;
  } catch (error) {
    if (error instanceof EgressError) return error;
    throw error;
  }
}

// Each spelling is one that the WHATWG parser takes, so that it would reach a socket.
const SPELLINGS = `
  127.0.0.1 127.0.0.1. 127.1 127.0.1 127.000.000.001 0177.0.0.1 0177.0.0.01 00000177.0.0.1 0x7f.0.0.1 0x7F.1 0x7f000001 0X7F000001
  2130706433 017700000001 0x0000007f000001 127.0x1 0x7f.0x0.0x0.0x1 127.0.0.0x1 %31%32%37.0.0.1 １２７.0.0.1 127。0。0。1 ①②⑦.0.0.1
  127.127.127.127 localhost LOCALHOST LocalHost. local%68ost ｌocalhost ⓛⓞⓒⓐⓛⓗⓞⓢⓣ a.localhost a.b.localhost.
  0 0.0.0.0 0x0 00 0.0 0.0.0.0.
  [::1] [0:0:0:0:0:0:0:1] [0000::0001] [::0001] [::] [0::0] [::ffff:127.0.0.1] [::FFFF:7f00:1] [0:0:0:0:0:ffff:7f00:0001] [::127.0.0.1]
  [::ffff:0:127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [64:ff9b:1::127.0.0.1] [2002:7f00:1::] [2001:0:7f00:1::] [fe80::1] [fec0::1]
  [fc00::1] [fd00::1] [ff02::1] [2001:db8::1]
  10.0.0.1 10.1 0xa.1 012.0.0.1 167772161 172.16.0.1 0xac.0x10.1 192.168.0.1 192.168.1 3232235521 0xc0a80001 0300.0250.0.1 [::ffff:10.0.0.1]
  169.254.169.254 169.254.43518 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.0xa9fe [::ffff:169.254.169.254] [::ffff:a9fe:a9fe]
  [64:ff9b::a9fe:a9fe] [2002:a9fe:a9fe::] [fd00:ec2::254] [FD00:0EC2:0:0:0:0:0:254] 169.254.169.123
  metadata.google.internal METADATA.GOOGLE.INTERNAL metadata.google.internal. metadata%2Egoogle%2Einternal metadata。google。internal
  a.metadata.google.internal metadata.internal ｍetadata.internal
  100.64.0.1 100.127.255.254 198.18.0.1 192.0.2.1 224.0.0.1 255.255.255.255 4294967295 240.0.0.1 192.0.0.1
  bücher.example BÜCHER.example b%C3%BCcher.example xn--bcher-kva.example XN--BCHER-KVA.example. a.xn--bcher-kva.example
`
  .trim()
  .split(/\s+/);

describe(checkTarget.name, () => {
  it('knows at least sixty spellings', () => {
    expect(new Set(SPELLINGS).size).toBeGreaterThanOrEqual(60);
  });

  it.each(SPELLINGS)('refuses the host %s', (host) => {
    expect(refusalOf(`http://${host}/`)?.reason).toBe('address_refused');
    expect(refusalOf(`https://${host}:8443/mcp?a=b`)?.reason).toBe('address_refused');
    expect(policy.refusalOfHost(host)).toBeDefined();
  });

  it.each([
    'https://example.com/mcp',
    'http://example.com:8080',
    'https://1.1.1.1/',
    'https://localhost.example.com',
    'https://notlocalhost',
    'https://xn--bcher-kva.example.org',
  ])('lets %s pass', (url) => {
    expect(refusalOf(url)).toBeUndefined();
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'ws://example.com/',
    'gopher://127.0.0.1:6379/_',
    'data:text/plain,x',
    'javascript:alert(1)',
    'blob:https://example.com/x',
    'https://user@example.com/',
    'https://user:pass@example.com/',
    'https://:pass@example.com/',
    'https://example.com@127.0.0.1/',
    'https://127.0.0.1%20@example.com/',
    'https://example.com/#',
    'https://example.com/#@127.0.0.1',
    'https://127.0.0.1#@example.com/',
  ])('refuses the URL %s', (url) => {
    expect(refusalOf(url)?.reason).toBe('url_refused');
  });

  it('keeps credentials out of the message', () => {
    expect(refusalOf('https://user:hunter2@example.com/')?.message).toBe(
      'The URL must not carry a user name or password',
    );
  });

  it('can insist on https', () => {
    expect(refusalOf('http://example.com/', policy, false)?.message).toBe('The URL must begin with https://');
    expect(refusalOf('https://example.com/', policy, false)).toBeUndefined();
  });

  it('says which rule closes a host and which setting opens it', () => {
    expect(refusalOf('http://0x7f.1/')?.message).toBe(
      '127.0.0.1 is a loopback address (127.0.0.0/8): set SSRF_ALLOW_LOCALHOST, or name its network in SSRF_ALLOWED_NETWORKS to open it',
    );
    expect(refusalOf('http://localhost/')?.message).toBe(
      'localhost is this machine: set SSRF_ALLOW_LOCALHOST to open it',
    );
    expect(refusalOf('http://bücher.example/')?.message).toBe(
      'xn--bcher-kva.example is a host that SSRF_BLOCKED_HOSTS closes',
    );
  });

  it('opens localhost by its rule, and no metadata host by any', () => {
    const open = new AddressPolicy({
      ...rules,
      allowLoopback: true,
      allowPrivate: true,
      allowedNetworks: ['0.0.0.0/0', '::/0'],
    });
    for (const host of ['localhost', '127.0.0.1', '[::1]', '10.0.0.1'])
      expect(refusalOf(`http://${host}/`, open)).toBeUndefined();
    for (const host of ['metadata.google.internal', 'metadata.internal.', '169.254.169.254', '0', '[::]']) {
      expect(refusalOf(`http://${host}/`, open)?.message).toContain('which no setting opens');
    }
  });

  it('takes *.host in the list of blocked hosts, and blocked addresses in any spelling', () => {
    const judge = new AddressPolicy({
      ...rules,
      blockedHosts: ['*.evil.example', '0x08.0x08.0x08.0x08', '[2606:4700:0::1]'],
    });
    for (const host of ['evil.example', 'a.evil.example', '8.8.8.8', '[2606:4700::1]'])
      expect(judge.refusalOfHost(host)).toContain('SSRF_BLOCKED_HOSTS');
    expect(judge.refusalOfHost('notevil.example')).toBeUndefined();
  });
});
