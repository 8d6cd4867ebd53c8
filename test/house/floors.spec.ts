import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** The floors of the house, from the ground up. A room imports from floors below its own, or from itself. */
const FLOORS: readonly (readonly string[])[] = [
  ['config', 'database', 'http', 'changes', 'egress', 'redis', 'limits', 'mail'],
  ['audit'],
  ['vault', 'teams'],
  ['rbac'],
  ['auth'],
  ['tokens', 'sso'],
  ['scim'],
  ['registry'],
  ['oauth', 'plugins'],
  ['gateway-proxy'],
  ['operations', 'cli'],
];
/** Within the ground floor, who may look at whom. */
const GROUND: Readonly<Record<string, readonly string[]>> = {
  config: [],
  redis: ['config'],
  // The folder of everything on disk is a setting of the database.
  mail: ['config', 'database'],
  changes: ['config', 'redis'],
  limits: ['config', 'redis', 'http'],
  database: ['config'],
  http: ['config'],
  egress: ['config'],
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

const files = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => join(folder, name));

const SOURCES = [...files('src'), ...files('libs')];
const text = new Map(SOURCES.map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]));

function importsOf(file: string): Import[] {
  const pattern = /^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
  return [...(text.get(file) ?? '').matchAll(pattern)].map(([, type, from = '']) => ({
    file,
    from,
    typeOnly: type !== undefined,
  }));
}

const IMPORTS = SOURCES.flatMap(importsOf);

/** The room of `src` that a relative import leads to. */
function roomOf(file: string, from: string): string | undefined {
  const target = relative(join(ROOT, 'src'), resolve(ROOT, dirname(file), from));
  return target.startsWith('..') || !target.includes('/') ? undefined : target.split('/')[0];
}

const levelOf = (room: string): number => FLOORS.findIndex((floor) => floor.includes(room));

describe('the floors of the house', () => {
  it('should know every room of src', () => {
    const rooms = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(rooms.map(({ name }) => name).filter((name) => levelOf(name) === -1)).toEqual([]);
  });

  it('should let a room import only from floors below it', () => {
    const faults = IMPORTS.filter(({ file, from }) => {
      const own = file.split('/')[1] ?? '';
      const other = from.startsWith('.') && file.startsWith('src/') ? roomOf(file, from) : undefined;
      if (other === undefined || other === own || levelOf(own) === -1) return false;
      if (levelOf(own) === 0 && levelOf(other) === 0) return !GROUND[own]?.includes(other);
      return levelOf(other) >= levelOf(own) && file !== 'src/database/migrations';
    });
    expect(faults).toEqual([]);
  });

  it('should keep libs free of Nest, of the database, of src, and of other libs’ insides', () => {
    const faults = IMPORTS.filter(({ file, from }) => {
      if (!file.startsWith('libs/')) return false;
      if (/^(@nestjs\/|typeorm$|express$)/.test(from)) return true;
      const lib = file.split('/').slice(0, 3).join('/');
      return from.startsWith('.') && !join(dirname(file), from).startsWith(lib);
    });
    expect(faults).toEqual([]);
  });

  it('should enter a lib only through its index', () => {
    expect(IMPORTS.filter(({ from }) => from.startsWith('#libs/') && from.split('/').length > 2)).toEqual([]);
  });
});

describe('one of each', () => {
  const using = (pattern: RegExp): string[] => SOURCES.filter((file) => pattern.test(text.get(file) ?? ''));

  it('should read process.env in one place', () => {
    expect(using(/process\.env/).filter((file) => !/^\s*(\/\/|\*)/.test(file))).toEqual(['src/config/environment.ts']);
  });

  it('should have one way out', () => {
    const clients = IMPORTS.filter(({ from, typeOnly }) => !typeOnly && /^(undici|node:https|axios|got)$/.test(from));
    expect([...new Set(clients.map(({ file }) => file.split('/').slice(0, 2).join('/')))]).toEqual(['libs/egress']);
    expect(using(/\bfetch\(/)).toEqual([]);
    // Mail is not HTTP; it goes to one server that the operator names.
    const mail = IMPORTS.filter(({ from }) => from === 'nodemailer').map(({ file }) => file);
    expect(mail).toEqual(['src/mail/file-mailer.ts', 'src/mail/smtp-mailer.ts']);
  });

  it('should have one resolver of identity', () => {
    expect(using(/\.principal = /)).toEqual(['src/auth/authentication.guard.ts']);
    expect(using(/from '(passport-jwt|jsonwebtoken|@nestjs\/jwt)'/)).toEqual([]);
    expect(using(/from 'jose'/).sort()).toEqual([
      'src/auth/bound/dpop-proofs.ts',
      'src/auth/issuers/signed-claims.ts',
      'src/auth/jwt/jose-token-verifier.ts',
      'src/auth/jwt/token-issuer.ts',
      // What providers sign makes no principal: it starts or ends a session.
      'src/sso/logout/logout-tokens.ts',
      'src/sso/oidc/id-token-fault.ts',
      // Says who the gateway is to Google, and takes nobody's word.
      'src/vault/backends/gcp-kms/gcp-credentials.ts',
    ]);
  });

  it('should make nobody in one place', () => {
    expect(using(/kind: 'anonymous'/)).toEqual(['src/auth/credentials/anonymous.ts']);
    expect(using(/\bANONYMOUS\b/).sort()).toEqual([
      'src/auth/authentication.guard.ts',
      'src/auth/credentials/anonymous-access.ts',
      'src/auth/credentials/anonymous.ts',
    ]);
  });

  it('should have one decision function', () => {
    expect(using(/import \{[^}]*\bdecide\b[^}]*\} from '#libs\/policy'/)).toEqual(['src/rbac/access.service.ts']);
  });

  it('should have no forwardRef and no request scope', () => {
    expect(using(/forwardRef|Scope\.REQUEST|@Inject\(REQUEST\)/)).toEqual([]);
  });
});

describe('the size of things', () => {
  it('should split files before 300 lines', () => {
    expect(SOURCES.filter((file) => (text.get(file) ?? '').split('\n').length > 300)).toEqual([]);
  });

  it('should have no utils, helpers, common or misc', () => {
    expect(SOURCES.filter((file) => /(^|\/)(utils?|helpers?|common|misc)(\.ts|\/)/.test(file))).toEqual([]);
  });

  it('never asks URL.canParse, which forgets letters such as ö on Node 20', () => {
    const asking = [...text].filter(
      ([file, source]) => source.includes('URL.canParse(') && !file.endsWith('parse-url.ts'),
    );
    expect(asking.map(([file]) => file)).toEqual([]);
  });
});
