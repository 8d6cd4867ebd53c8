import { Injectable } from '@nestjs/common';
import { type OauthServer, OauthServers } from '../../auth/issuers/oauth-servers.js';
import { CatalogReader, type ServerView } from '../catalog/catalog.js';

/** Virtual servers with OAuth, as the gate serves them now. */
@Injectable()
export class CatalogOauthServers extends OauthServers {
  constructor(private readonly catalog: CatalogReader) {
    super();
  }

  find(id: string): OauthServer | undefined {
    const view = this.catalog.current.servers.get(id);
    return view && takesExternal(view) ? view : undefined;
  }
}

const takesExternal = (view: ServerView): view is ServerView & OauthServer => view.authorizationServers !== undefined;
