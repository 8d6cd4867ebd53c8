import { Logger } from '@nestjs/common';
import { type Decision, decision } from '#libs/policy';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openMemoryDatabase } from '../../../test/fixtures/memory-database.js';
import { heldRole, memberOf, somebody } from '../../../test/fixtures/principals.js';
import { settingsOf } from '../../../test/fixtures/settings-of.js';
import type { Check } from './check-log.js';
import { CheckLogSettings } from './check-log.settings.js';
import { CheckWriter } from './check-writer.js';
import { PermissionCheck } from './permission-check.entity.js';
import { PermissionCheckRepository } from './permission-check.repository.js';
import { WrittenChecks } from './written-checks.js';

const GRANTED = decision(true, 'granted');
const BYPASS = decision(true, 'admin');
const DENIED = decision(false, 'not_visible');
const origin = { clientAddress: '192.0.2.1', userAgent: 'test', correlationId: 'c-1' };

/** A table that takes nothing until it is released. */
class HeldRows extends PermissionCheckRepository {
  release: () => void = () => undefined;
  held = new Promise<void>((resolve) => {
    this.release = resolve;
  });

  override async insertAll(batch: readonly PermissionCheck[]): Promise<void> {
    await this.held;
    await super.insertAll(batch);
  }
}

describe(WrittenChecks.name, () => {
  let database: DataSource;
  let rows: HeldRows;
  let writer: CheckWriter;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await openMemoryDatabase();
  });
  beforeEach(async () => {
    await database.getRepository(PermissionCheck).clear();
    rows = new HeldRows(database.getRepository(PermissionCheck));
  });
  afterAll(() => database.destroy());

  const logWith = (variables: Record<string, string> = {}): WrittenChecks => {
    const settings = settingsOf(CheckLogSettings, variables);
    writer = new CheckWriter(rows, settings);
    return new WrittenChecks(writer, settings);
  };
  const ann = somebody('ann@example.com', memberOf('red'), {
    tokenId: 'j-1',
    roles: [heldRole('viewer', ['tools.read']), heldRole('developer', ['tools.*'], 'red'), heldRole('viewer', [])],
  });
  const check = (answer: Decision, more: Partial<Check> = {}): Check => ({
    principal: ann,
    action: 'tools.execute',
    row: { id: 't-1', visibility: 'team', teamId: 'red', ownerEmail: null },
    answer,
    at: { origin, arguments: { password: 'hunter2' } },
    ...more,
  });
  const stored = async (): Promise<PermissionCheck[]> => {
    rows.release();
    await writer.flush();
    return database.getRepository(PermissionCheck).find({ order: { id: 'ASC' } });
  };

  it('writes denials and bypasses down, and of what roles allowed the share of the settings', async () => {
    for (const [rate, granted] of [
      ['0', 0],
      ['1', 5],
    ] as const) {
      await database.getRepository(PermissionCheck).clear();
      const log = logWith({ PERMISSION_AUDIT_ALLOW_SAMPLE_RATE: rate });
      for (let index = 0; index < 5; index += 1)
        for (const answer of [GRANTED, BYPASS, DENIED]) log.note(check(answer));
      const reasons = (await stored()).map(({ reason }) => reason);
      const count = (wanted: string) => reasons.filter((reason) => reason === wanted).length;
      expect([count('granted'), count('admin'), count('not_visible')]).toEqual([granted, 5, 5]);
    }
  });

  it('writes nothing when it is off', async () => {
    const log = logWith({ PERMISSION_AUDIT_ENABLED: 'false', PERMISSION_AUDIT_ALLOW_SAMPLE_RATE: '1' });
    for (const answer of [GRANTED, BYPASS, DENIED]) log.note(check(answer));
    expect(await stored()).toEqual([]);
  });

  it('says who, what, where, whence and why, and never the arguments', async () => {
    logWith().note(check({ allowed: false, reason: 'policy', policies: ['p-1'] }));
    const [row] = await stored();
    expect(row).toMatchObject({
      userEmail: 'ann@example.com',
      tokenId: 'j-1',
      permission: 'tools.execute',
      resourceType: 'tools',
      resourceId: 't-1',
      teamId: 'red',
      granted: false,
      reason: 'policy',
      rolesChecked: ['viewer', 'developer'],
      policies: ['p-1'],
      ipAddress: '192.0.2.1',
      userAgent: 'test',
      correlationId: 'c-1',
    });
    expect(JSON.stringify(row)).not.toContain('hunter2');
  });

  it('takes the origin of the principal when the call has none, and the team of a route without a row', async () => {
    const principal = { ...ann, origin: { ...origin, userAgent: 'evil\n\u0000agent' } };
    logWith().note(check(DENIED, { principal, row: undefined, at: { teamId: 'blue' } }));
    expect(await stored()).toMatchObject([
      { resourceType: null, resourceId: null, teamId: 'blue', userAgent: 'evil??agent', correlationId: 'c-1' },
    ]);
  });

  it('fits every text into its column', async () => {
    const long = 'x'.repeat(1000);
    const roles = Array.from({ length: 500 }, (_, index) => heldRole(`${index} ${long}`, []));
    const principal = { ...ann, subject: long, tokenId: long, roles };
    const at = { origin: { clientAddress: long, userAgent: long, correlationId: long } };
    logWith().note(check(DENIED, { principal, at, row: { ...RED, id: long } }));
    const [row] = await stored();
    expect([row?.userEmail, row?.tokenId, row?.resourceId, row?.ipAddress].map((text) => text?.length)).toEqual([
      255, 64, 255, 64,
    ]);
    expect(JSON.stringify(row?.rolesChecked).length).toBeLessThan(16_000);
  });

  it('keeps one credential from filling the table with denials, and counts what it left out', async () => {
    const log = logWith({ PERMISSION_AUDIT_DENIED_PER_MINUTE: '3' });
    for (let index = 0; index < 10; index += 1) log.note(check(DENIED));
    for (let index = 0; index < 10; index += 1) log.note(check(BYPASS));
    log.note(check(DENIED, { principal: { ...ann, tokenId: 'j-2' } }));
    log.note(check(DENIED, { principal: { ...ann, tokenId: null } }));
    expect(await stored()).toHaveLength(15);
    expect(log.statistics).toMatchObject({ rows: 15, lost: 0, left_out_denials: 7 });
  });

  it('keeps room for denials and bypasses when the database lags, and counts what it lost', async () => {
    const log = logWith({ PERMISSION_AUDIT_QUEUE: '100', PERMISSION_AUDIT_ALLOW_SAMPLE_RATE: '1' });
    for (let index = 0; index < 150; index += 1) log.note(check(GRANTED));
    expect(log.statistics).toMatchObject({ waiting: 100, lost: 50, lost_denials: 0 });
    for (let index = 0; index < 60; index += 1) for (const answer of [DENIED, BYPASS]) log.note(check(answer));
    expect(log.statistics).toMatchObject({ waiting: 200, lost: 70, lost_denials: 10 });
    const kept = await stored();
    expect(kept.filter(({ reason }) => reason === 'not_visible')).toHaveLength(50);
    expect(log.statistics).toMatchObject({ rows: 200, waiting: 0 });
  });

  it('stores what waits when the application shuts down', async () => {
    logWith().note(check(DENIED));
    rows.release();
    await writer.beforeApplicationShutdown();
    expect(await database.getRepository(PermissionCheck).count()).toBe(1);
  });
});

const RED = { visibility: 'team', teamId: 'red', ownerEmail: null } as const;
