import type { AnySettings } from '../config/settings.js';
import { AdfsSettings } from './providers/adfs.settings.js';
import { EntraSettings } from './providers/entra.settings.js';
import { GenericSettings } from './providers/generic.settings.js';
import { GithubSettings } from './providers/github.settings.js';
import { GoogleSettings } from './providers/google.settings.js';
import { IbmVerifySettings } from './providers/ibm-verify.settings.js';
import { KeycloakSettings } from './providers/keycloak.settings.js';
import { OktaSettings } from './providers/okta.settings.js';
import { SsoSettings } from './sso.settings.js';

export const SSO_SETTINGS: readonly AnySettings[] = [
  SsoSettings,
  GithubSettings,
  GoogleSettings,
  IbmVerifySettings,
  EntraSettings,
  OktaSettings,
  KeycloakSettings,
  AdfsSettings,
  GenericSettings,
];
