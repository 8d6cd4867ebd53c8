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
import { DatabaseSettings } from '../../database/database.settings.js';
import { missingDatabase } from '../../database/missing-database.js';
import { HttpSettings } from '../../http/http.settings.js';
import { inContext } from '../in-context.js';
import { TokenKeysModule } from './token-keys.module.js';

export interface TokenParts {
  readonly settings: AuthSettings;
  readonly issuer: TokenIssuer;
  readonly verifier: TokenVerifier;
  /** What the operator should know of the key files. */
  readonly warnings: readonly string[];
}

/** Of `--secret` and `--algo`; what is undefined the settings say. */
interface ChosenKeys {
  readonly secret?: string;
  readonly algo?: string;
}

/**
 * The issuer and the verifier of a gateway that has these settings, and no key of tokens in its database.
 * @throws SettingsError with one line for each fault
 */
export function tokenParts(environment: Environment, { secret, algo }: ChosenKeys): TokenParts {
  const chosen = environment.withOverrides({
    ...(secret !== undefined && { JWT_SECRET_KEY: secret }),
    ...(algo !== undefined && { JWT_ALGORITHM: algo }),
  });
  const loaded = settingsIn(chosen);
  return partsWith(
    loaded,
    new JwtKeyRing(loaded.get(JwtSettings) as JwtSettings, loaded.get(HttpSettings) as HttpSettings),
  );
}

/**
 * Does work with the keys of the gateway: with those of its database too where there is one, unless others are chosen.
 * @throws SettingsError, and an Error when the database or its keys can't be had
 */
export async function withTokenParts<T>(
  environment: Environment,
  keys: ChosenKeys,
  work: (parts: TokenParts) => Promise<T>,
): Promise<T> {
  const parts = tokenParts(environment, keys);
  const loaded = settingsIn(environment);
  const database = loaded.get(DatabaseSettings) as DatabaseSettings;
  // A gateway that was never started has no file yet, and needs none for its tokens.
  if (keys.secret !== undefined || keys.algo !== undefined || missingDatabase(database) !== undefined)
    return work(parts);
  return inContext(TokenKeysModule.of(withFirstStartSecrets(environment)), (context) =>
    work(partsWith(loaded, context.get(JwtKeyRing))),
  );
}

// All classes, so that no line of .env is taken for a mistake.
const settingsIn = (environment: Environment) => loadSettings(SETTINGS, withFirstStartSecrets(environment));

function partsWith(loaded: ReturnType<typeof settingsIn>, ring: JwtKeyRing): TokenParts {
  const settings = loaded.get(AuthSettings) as AuthSettings;
  const http = loaded.get(HttpSettings) as HttpSettings;
  return {
    settings,
    issuer: new TokenIssuer(ring, settings, http),
    verifier: new JoseTokenVerifier(ring, settings, http),
    warnings: ring.warnings,
  };
}
