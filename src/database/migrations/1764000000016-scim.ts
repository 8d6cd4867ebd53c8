import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const profiles = (): Table =>
  new Table({
    name: 'scim_users',
    columns: [
      text('user_id', 36, key),
      text('external_id', 191, nullable),
      text('given_name', 255, nullable),
      text('family_name', 255, nullable),
    ],
    indices: [{ name: 'ix_scim_users_external', columnNames: ['external_id'] }],
    foreignKeys: [reference('fk_scim_users_user', 'user_id', 'email_users')],
  });

const groups = (): Table =>
  new Table({
    name: 'scim_groups',
    columns: [
      text('id', 36, key),
      text('provider', 50),
      text('display_name', 191),
      text('external_id', 191, nullable),
      column('created_at', 'bigint'),
      column('updated_at', 'bigint'),
    ],
    uniques: [{ name: 'uq_scim_groups_name', columnNames: ['provider', 'display_name'] }],
  });

const members = (): Table =>
  new Table({
    name: 'scim_group_members',
    columns: [text('group_id', 36, key), text('user_id', 36, key)],
    indices: [{ name: 'ix_scim_group_members_user', columnNames: ['user_id'] }],
    foreignKeys: [
      reference('fk_scim_group_members_group', 'group_id', 'scim_groups'),
      reference('fk_scim_group_members_user', 'user_id', 'email_users'),
    ],
  });

const memberships = (): Table =>
  new Table({
    name: 'scim_memberships',
    columns: [text('member_id', 36, key)],
    foreignKeys: [reference('fk_scim_memberships_member', 'member_id', 'email_team_members')],
  });

/** What identity providers keep here over SCIM: their users, their groups, and the memberships that these gave. */
export class Scim1764000000016 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of [profiles(), groups(), members(), memberships()]) await runner.createTable(table);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [memberships(), members(), groups(), profiles()]) await runner.dropTable(table);
  }
}
