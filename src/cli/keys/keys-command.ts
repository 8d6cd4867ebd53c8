import type { INestApplicationContext } from '@nestjs/common';
import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { SETTINGS } from '../../app.settings.js';
import type { Actor } from '../../audit/trail/audit-trail.js';
import { RevokeSigningKey } from '../../auth/keys/revoke-signing-key.js';
import { RotateSigningKeys } from '../../auth/keys/rotate-signing-keys.js';
import type { Environment } from '../../config/environment.js';
import { withFirstStartSecrets, withTrialSecrets } from '../../config/first-start-secrets.js';
import { loadSettings } from '../../config/load-settings.js';
import { DatabaseSettings } from '../../database/database.settings.js';
import { missingDatabase } from '../../database/missing-database.js';
import type { SealedPlaceDto } from '../../vault/dto/key-status.dto.js';
import { KeyStatus } from '../../vault/key-status.js';
import { RotateKeys } from '../../vault/rotation/rotate-keys.js';
import { inContext } from '../in-context.js';
import type { Output } from '../token/token-command.js';
import { KeysModule } from './keys.module.js';

/** In the audit trail. */
const OPERATOR: Actor = { subject: 'portcullis keys', userId: null, tokenId: null };
const LOOK_MS = 1000;
/** A gateway looks every ten seconds whether there is something to seal anew. */
const PATIENCE_MS = 60_000;

/**
 * `portcullis keys …`
 * @param patienceMs how long `--wait` waits for anything to move
 */
export function keysCommand(environment: Environment, output: Output, patienceMs = PATIENCE_MS): Command {
  const keys = new Command('keys').description('The keys that stored secrets and tokens are made with');
  keys
    .command('status')
    .description('Print which data keys there are, what they sealed, and how far a rotation is')
    .action(() => inside(environment, (context) => status(context, output)));
  keys
    .command('rotate')
    .description('Make a new data key; the running gateway seals everything anew with it')
    .option('--jwt', 'make a new key of tokens instead')
    .option('--wait', 'until everything is sealed anew, with progress on stderr')
    .action((options: { readonly jwt?: boolean; readonly wait?: boolean }) =>
      inside(environment, (context) =>
        options.jwt ? rotateTokens(context, output) : rotate(context, output, options.wait ? patienceMs : undefined),
      ),
    );
  keys
    .command('revoke')
    .description('Take a key of tokens of the database away at once: what it signed is refused')
    .argument('<kid>', 'its id, as `rotate --jwt` prints it and tokens name it')
    // An id may begin like an option.
    .allowUnknownOption()
    .action((kid: string) => inside(environment, (context) => revoke(context, output, kid)));
  return keys;
}

/** @throws Error where no gateway has been: keys that are made there are of no use to anyone */
async function inside(
  environment: Environment,
  work: (context: INestApplicationContext) => Promise<void>,
): Promise<void> {
  const settings = loadSettings(SETTINGS, withTrialSecrets(environment));
  const missing = missingDatabase(settings.get(DatabaseSettings) as DatabaseSettings);
  if (missing !== undefined)
    throw new Error(`There is no database at ${missing}; run this with the settings that the gateway has`);
  await inContext(KeysModule.of(withFirstStartSecrets(environment)), work);
}

async function status(context: INestApplicationContext, { stdout }: Output): Promise<void> {
  stdout.write(`${JSON.stringify(await statusOf(context).read(), null, 2)}\n`);
}

async function rotateTokens(context: INestApplicationContext, { stdout }: Output): Promise<void> {
  const { kid, signsFrom } = await context.get(RotateSigningKeys).rotate(OPERATOR);
  stdout.write(`${kid} signs from ${signsFrom.toISOString()}\n`);
}

async function revoke(context: INestApplicationContext, { stdout }: Output, kid: string): Promise<void> {
  await context.get(RevokeSigningKey).revoke(kid, OPERATOR);
  stdout.write(`${kid} is revoked\n`);
}

async function rotate(
  context: INestApplicationContext,
  { stdout, stderr }: Output,
  patienceMs?: number,
): Promise<void> {
  const { id } = await context.get(RotateKeys, { strict: false }).rotate(OPERATOR);
  stdout.write(`${id}\n`);
  if (patienceMs === undefined) return;
  let [said, since] = ['', Date.now()];
  for (;;) {
    const { rotation } = await statusOf(context).read();
    if (rotation?.key_id !== id) throw new Error('Another rotation has begun');
    const { state, resealed, remaining, unreadable, remaining_in: places } = rotation;
    const line = `${state}: ${resealed} sealed anew, ${remaining} to go, ${unreadable} unreadable\n`;
    if (line !== said) {
      stderr.write(line);
      [said, since] = [line, Date.now()];
    }
    if (state !== 'resealing') return;
    if (Date.now() - since < patienceMs) await pause(LOOK_MS);
    else if (unreadable > 0) throw new Error(`No key opens what is left; give it anew: ${namesOf(places)}`);
    else throw new Error('Nothing moves: a gateway that runs with this database seals anew; is there one?');
  }
}

const namesOf = (places: readonly SealedPlaceDto[]): string =>
  places.map(({ table, column, values }) => `${table}.${column} (${values})`).join(', ');
const statusOf = (context: INestApplicationContext): KeyStatus => context.get(KeyStatus, { strict: false });
