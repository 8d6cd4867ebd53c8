import { Injectable } from '@nestjs/common';
import { IssuerSettings } from '../../auth/issuers/issuer.settings.js';
import { fieldFault } from '../rows/field-fault.js';
import type { UpdateServerDto } from './dto/server-wish.dto.js';
import type { ServerEntity } from './server.entity.js';

type Oauth = Pick<ServerEntity, 'oauthEnabled' | 'oauthConfig'>;

const OFF: Oauth = { oauthEnabled: false, oauthConfig: null };

/** Which external issuers a virtual server takes tokens of. */
@Injectable()
export class ServerOauth {
  constructor(private readonly settings: IssuerSettings) {}

  /**
   * What is wished for, over what was before.
   * @throws GatewayError 422 for OAuth without an issuer, and for one that the settings do not accept
   */
  choose({ oauthEnabled, oauthConfig }: UpdateServerDto, { oauthEnabled: was, oauthConfig: had }: Oauth = OFF): Oauth {
    // What was right when it was chosen must not stop a change of something else.
    if (oauthEnabled === undefined && oauthConfig === undefined) return { oauthEnabled: was, oauthConfig: had };
    const after: Oauth = {
      oauthEnabled: oauthEnabled ?? was,
      oauthConfig: oauthConfig ? { authorization_servers: oauthConfig.authorization_servers } : had,
    };
    const named = after.oauthConfig?.authorization_servers ?? [];
    const unknown = named.find((name) => !this.settings.issuers.some(({ issuer }) => issuer === name));
    if (unknown !== undefined)
      throw fieldFault('oauthConfig', `oauthConfig.authorization_servers: ${unknown} is not in OAUTH_ACCEPTED_ISSUERS`);
    if (after.oauthEnabled && named.length === 0)
      throw fieldFault(
        'oauthConfig',
        'oauthConfig.authorization_servers must name an issuer where oauthEnabled is true',
      );
    return after;
  }
}
