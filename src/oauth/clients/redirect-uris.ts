import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ServerMetadata } from 'openid-client';
import { HttpSettings } from '../../http/http.settings.js';

const PATH = '/oauth/callback';
/** Hexadecimal digits: 128 bits, of which nobody finds a second for the same digest. */
const DIGITS = 32;

/**
 * Where authorization servers send users back to. One that says that it names itself in its answers (`iss`, RFC 9207) shares
 * the path with others of its kind; every other has one of its own (RFC 9700 section 4.4.2).
 */
@Injectable()
export class RedirectUris {
  constructor(private readonly http: HttpSettings) {}

  /** @param place the last part of the path, of one that is not shared */
  at(place?: string): string {
    return this.http.linkTo(place === undefined ? PATH : `${PATH}/${encodeURIComponent(place)}`);
  }

  of(server: ServerMetadata): string {
    return this.at(namesItself(server) ? undefined : placeOf(server));
  }
}

export const namesItself = ({ authorization_response_iss_parameter_supported: iss }: ServerMetadata): boolean =>
  iss === true;

/** Of the token endpoint too: it is where the code goes, and nobody has proven that an operator's issuer has it. */
function placeOf({ issuer, token_endpoint: token }: ServerMetadata): string {
  return createHash('sha256')
    .update(JSON.stringify([issuer, token]))
    .digest('hex')
    .slice(0, DIGITS);
}
