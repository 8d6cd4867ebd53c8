import { readFileSync } from 'node:fs';
import { PeerTls, type TlsOptions } from '#libs/egress';
import { PluginConfigError } from '../../plugin-definition.js';
import type { PluginsSettings } from '../../plugins.settings.js';
import type { ExternalMcpDto } from './external.settings.js';

/**
 * The TLS of the server of a plugin where it is not everybody's: with the gateway's certificate, or other authorities.
 * @throws PluginConfigError
 */
export function ownTls({ url, tls }: ExternalMcpDto, settings: PluginsSettings): PeerTls | undefined {
  if (!url?.startsWith('https:')) {
    if (tls) throw new PluginConfigError(['mcp.tls is of no use without an https:// URL']);
    return undefined;
  }
  const cert = pem('client_cert', tls?.client_cert ?? settings.clientCertificateFile);
  const key = pem('client_key', tls?.client_key ?? settings.clientKeyFile);
  const ca = pem('ca_bundle', tls?.ca_bundle ?? settings.clientCaBundle);
  const passphrase = tls?.client_key_password ?? settings.clientKeyPassword?.reveal();
  const verify = tls?.verify ?? (settings.clientVerify ? undefined : false);
  const checkHostname = tls?.check_hostname ?? settings.clientCheckHostname;
  if ((cert === undefined) !== (key === undefined))
    throw new PluginConfigError(['mcp.tls.client_cert and client_key belong together: set both or neither']);
  const own: TlsOptions = {
    checkHostname,
    ...(verify !== undefined && { verify }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(passphrase !== undefined && { passphrase }),
  };
  if (Object.keys(own).length === 1 && checkHostname) return undefined;
  try {
    return new PeerTls(own);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new PluginConfigError([`mcp.tls has a certificate, key or password that can't be used (${code})`]);
  }
}

function pem(key: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  try {
    const text = readFileSync(path, 'utf8');
    if (!text.includes('-----BEGIN ')) throw new Error('holds no PEM');
    return text;
  } catch (error) {
    throw new PluginConfigError([`mcp.tls.${key}: the file ${path} can't be used: ${(error as Error).message}`]);
  }
}
