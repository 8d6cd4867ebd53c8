import { SETTINGS } from '../../app.settings.js';
import { AuthSettings } from '../../auth/auth.settings.js';
import { JoseTokenVerifier } from '../../auth/jwt/jose-token-verifier.js';
import { JwtKeyRing } from '../../auth/keys/jwt-key-ring.js';
import { JwtSettings } from '../../auth/keys/jwt.settings.js';
import { TokenIssuer } from '../../auth/jwt/token-issuer.js';
import type { TokenVerifier } from '../../auth/jwt/token-verifier.js';
import type { Environment } from '../../config/environment.js';
import { withFirstStartSecrets } from '../../config/first-start-secrets.js';
import { loadSettings } from '../../config/load-settings.js';
import { HttpSettings } from '../../http/http.settings.js';

export interface TokenParts {
  readonly settings: AuthSettings;
  readonly issuer: TokenIssuer;
  readonly verifier: TokenVerifier;
  /** What the operator should know of the key files. */
  readonly warnings: readonly string[];
}

/**
 * The issuer and the verifier of the gateway that has these settings.
 * @param keys of `--secret` and `--algo`; what is undefined the settings say
 * @throws SettingsError with one line for each fault
 */
export function tokenParts(
  environment: Environment,
  keys: { readonly secret?: string; readonly algo?: string },
): TokenParts {
  const chosen = environment.withOverrides({
    ...(keys.secret !== undefined && { JWT_SECRET_KEY: keys.secret }),
    ...(keys.algo !== undefined && { JWT_ALGORITHM: keys.algo }),
  });
  // All classes, so that no line of .env is taken for a mistake.
  const loaded = loadSettings(SETTINGS, withFirstStartSecrets(chosen));
  const settings = loaded.get(AuthSettings) as AuthSettings;
  const http = loaded.get(HttpSettings) as HttpSettings;
  const ring = new JwtKeyRing(loaded.get(JwtSettings) as JwtSettings, http);
  return {
    settings,
    issuer: new TokenIssuer(ring, settings, http),
    verifier: new JoseTokenVerifier(ring, settings, http),
    warnings: ring.warnings,
  };
}
