import { type CanActivate, Injectable } from '@nestjs/common';
import { SsoLoginSettings } from '../auth/login/sso-login.settings.js';
import { GatewayError } from '../http/errors.js';

/** 404 on every route of single sign-on while it is off. */
@Injectable()
export class SsoEnabledGuard implements CanActivate {
  constructor(private readonly settings: SsoLoginSettings) {}

  canActivate(): true {
    if (!this.settings.enabled) throw new GatewayError('sso_disabled');
    return true;
  }
}
