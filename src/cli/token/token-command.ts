import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import type { Environment } from '../../config/environment.js';
import { JWT_ALGORITHMS } from '../../auth/keys/jwt-algorithm.js';
import { isStrictJws } from '../../auth/jwt/strict-jws.js';
import { withTokenParts } from './token-parts.js';
import { type TokenOptions, tokenWish } from './token-wish.js';

/** Where a command writes: its result to one, everything else to the other, so that the result can be piped. */
export interface Output {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

interface KeyOptions {
  readonly secret?: string;
  readonly algo?: string;
  readonly pretty?: boolean;
}

interface CreateOptions extends TokenOptions, KeyOptions {
  readonly decode?: string;
}

/** `portcullis token …` */
export function tokenCommand(environment: Environment, output: Output): Command {
  const token = new Command('token').description('Make and read tokens of this gateway');
  withKeys(token.command('create').description('Sign a token and print it'))
    .option('-u, --username <user>', 'e-mail or id of the user; becomes `sub`')
    .option('-d, --data <claims>', 'more claims: a JSON object, or name=value, several separated by commas')
    .option('-e, --exp <minutes>', 'how long it lives; 0 for ever; TOKEN_EXPIRY when left out')
    .option('--admin', 'claim to be an administrator, of all teams; the gateway asks its database whether it is true')
    .option('--teams <ids>', 'the teams it reaches, separated by commas; none: public items only')
    .option('--scopes <permissions>', 'the only permissions it has, separated by commas')
    .option('--full-name <name>', 'the name of the user')
    .option('--decode <token>', 'the same as `token decode`')
    .action((options: CreateOptions) =>
      options.decode === undefined
        ? create(environment, output, options)
        : decode(environment, output, options.decode, options),
    );
  withKeys(token.command('decode').description('Print the claims of a token, and whether this gateway takes it'))
    .argument('<token>')
    .action((text: string, options: KeyOptions) => decode(environment, output, text, options));
  return token;
}

function withKeys(command: Command): Command {
  return command
    .option('-s, --secret <secret>', 'instead of JWT_SECRET_KEY; other users of this machine can see it')
    .option('--algo <algorithm>', `instead of JWT_ALGORITHM: ${JWT_ALGORITHMS.join(', ')}`)
    .option('--pretty', 'indent the claims; `create` shows them beside the token, on stderr');
}

function create(environment: Environment, { stdout, stderr }: Output, options: CreateOptions): Promise<void> {
  return withTokenParts(environment, options, async ({ settings, issuer, warnings }) => {
    const { subject, claims, seconds } = tokenWish(options, settings.tokenExpiryMinutes);
    for (const warning of warnings) stderr.write(`Warning: ${warning}\n`);
    if (seconds === undefined) {
      const refused = settings.requireExpiration ? ', and REQUIRE_TOKEN_EXPIRATION refuses it' : '';
      stderr.write(`Warning: this token never expires${refused}\n`);
    }
    const token = await issuer.sign(subject, randomUUID(), claims, seconds);
    if (options.pretty) stderr.write(`${payloadOf(token, true)}\n`);
    stdout.write(`${token}\n`);
  });
}

async function decode(
  environment: Environment,
  { stdout, stderr }: Output,
  token: string,
  options: KeyOptions,
): Promise<void> {
  if (!isStrictJws(token)) throw new Error('This is no signed token');
  stdout.write(`${payloadOf(token, options.pretty ?? false)}\n`);
  const verdict = await withTokenParts(environment, options, ({ verifier }) =>
    verifier.verify(token).then(
      () => 'Signature and claims hold; whether it was revoked, the gateway knows.',
      (error: unknown) => `This gateway refuses it: ${(error as Error).message}`,
    ),
  );
  stderr.write(`${verdict}\n`);
}

function payloadOf(token: string, pretty: boolean): string {
  const [, payload = ''] = token.split('.');
  const text = Buffer.from(payload, 'base64url').toString();
  return pretty ? JSON.stringify(JSON.parse(text), null, 2) : text;
}
