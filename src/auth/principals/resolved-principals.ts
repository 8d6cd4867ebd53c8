import { Injectable } from '@nestjs/common';
import type { Principal } from '#libs/policy';
import { Principals } from '../../rbac/explain/principals.js';
import { PrincipalResolver } from './principal-resolver.js';

/** Others than the caller, made by the one resolver. */
@Injectable()
export class ResolvedPrincipals extends Principals {
  constructor(private readonly resolver: PrincipalResolver) {
    super();
  }

  signedIn(email: string): Promise<Principal> {
    return this.resolver.signedIn(email);
  }

  ofApiToken(id: string): Promise<Principal> {
    return this.resolver.ofListedToken(id);
  }
}
