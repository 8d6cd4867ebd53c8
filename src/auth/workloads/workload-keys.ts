import { open } from 'node:fs/promises';
import { isJsonObject, type JsonObject, parseBounded } from '#libs/mcp';
import type { IssuerClient } from '../issuers/issuer-client.js';
import type { WorkloadIssuer } from './workload-issuer.js';

const MOST_BYTES = 262_144;
const DEEPEST = 16;

/** The JWK set of who vouches for workloads, from its file, its address, or where its metadata says. @throws Error */
export async function workloadKeys(
  { issuer = '', jwksUri, jwksFile }: WorkloadIssuer,
  client: IssuerClient,
): Promise<JsonObject> {
  const set = jwksFile === undefined ? await client.keySet({ issuer, jwksUri }) : await inFile(jwksFile);
  return Array.isArray(set['keys']) ? { keys: set['keys'].flatMap(signing) } : set;
}

async function inFile(path: string): Promise<JsonObject> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1);
    const json = bytesRead > MOST_BYTES ? 'too_large' : parseBounded(buffer.subarray(0, bytesRead), DEEPEST);
    if (typeof json === 'string' || !isJsonObject(json.value))
      throw new Error(`${path} is no JSON object of 256 KiB at most`);
    return json.value;
  } finally {
    await file.close();
  }
}

/** A SPIFFE bundle says of each key whether it signs tokens or certificates (SPIFFE Trust Domain and Bundle section 4.2). */
function signing(key: unknown): unknown[] {
  if (!isJsonObject(key) || key['use'] === 'x509-svid') return [];
  const { use, ...rest } = key;
  return use === 'jwt-svid' ? [rest] : [key];
}
