import { describe, expect, it } from 'vitest';
import { EgressError, type EgressReason } from './egress-error.js';
import type { TlsRefusal } from './tls-refusal.js';
import { toEgressError } from './to-egress-error.js';

const withCode = (code: string) => Object.assign(new Error('connect to 10.0.0.5:443 as user:hunter2'), { code });

describe(toEgressError.name, () => {
  it.each<[string, EgressReason]>([
    ['ENOTFOUND', 'dns_failed'],
    ['EAI_AGAIN', 'dns_failed'],
    ['ECONNREFUSED', 'connect_failed'],
    ['ENETUNREACH', 'connect_failed'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
    ['UND_ERR_BODY_TIMEOUT', 'timeout'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_failed'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls_failed'],
    ['CERT_HAS_EXPIRED', 'tls_failed'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls_failed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_failed'],
    ['EPROTO', 'tls_failed'],
    ['UND_ERR_HEADERS_OVERFLOW', 'too_large'],
    ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large'],
    ['UND_ERR_ABORTED', 'aborted'],
    ['UND_ERR_DESTROYED', 'aborted'],
    ['UND_ERR_SOCKET', 'broken'],
    ['ECONNRESET', 'broken'],
    ['HPE_INVALID_CONSTANT', 'broken'],
  ])('calls %s %s', (code, reason) => {
    const error = toEgressError(withCode(code), 'api.example');
    expect(error.reason).toBe(reason);
    expect(error.message).toContain('api.example');
    expect(error.message).toContain(`(${code})`);
  });

  it.each<[string, TlsRefusal]>([
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown_authority'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown_authority'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown_authority'],
    ['CERT_SIGNATURE_FAILURE', 'unknown_authority'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self_signed'],
    ['CERT_HAS_EXPIRED', 'expired'],
    ['CERT_NOT_YET_VALID', 'not_yet_valid'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'name_mismatch'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client_certificate_refused'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'client_certificate_refused'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'client_certificate_refused'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'client_certificate_refused'],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', 'client_certificate_refused'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'protocol_version'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'protocol_version'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'handshake_failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'handshake_failed'],
    ['EPROTO', 'handshake_failed'],
  ])('says why of TLS: %s is %s', (code, tlsRefusal) => {
    expect(toEgressError(withCode(code))).toMatchObject({ reason: 'tls_failed', tlsRefusal });
  });

  it('reads the reasons of signals', () => {
    expect(toEgressError(AbortSignal.abort().reason).reason).toBe('aborted');
    expect(toEgressError(new DOMException('late', 'TimeoutError')).reason).toBe('timeout');
  });

  it('keeps our own errors', () => {
    const error = new EgressError('address_refused', 'no');
    expect(toEgressError(error)).toBe(error);
  });

  it('passes nothing of the original text on', () => {
    for (const error of [
      withCode('ECONNRESET'),
      withCode('10.0.0.5'),
      new Error('10.0.0.5 hunter2'),
      '10.0.0.5 hunter2',
      undefined,
    ]) {
      const mapped = toEgressError(error);
      expect(mapped.reason).toBe('broken');
      expect(`${mapped.message} ${JSON.stringify(mapped)} ${String(mapped.cause)}`).not.toMatch(/hunter2|10\.0/);
    }
  });
});
