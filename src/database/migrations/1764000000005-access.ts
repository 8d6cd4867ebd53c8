import { type MigrationInterface, type QueryRunner, Table } from 'typeorm';
import { column, key, nullable, reference, text } from './table-columns.js';

const roles = (): Table =>
  new Table({
    name: 'roles',
    columns: [
      text('id', 36, key),
      text('name', 191),
      column('description', 'text', nullable),
      text('scope', 16),
      column('permissions', 'text'),
      text('inherits_from', 36, nullable),
      text('created_by', 255, nullable),
      column('is_system_role', 'boolean'),
      column('is_active', 'boolean'),
      column('created_at', 'bigint'),
      column('updated_at', 'bigint'),
      column('revision', 'bigint', { default: 0 }),
    ],
    uniques: [{ name: 'uq_roles_name', columnNames: ['name'] }],
  });

const assignments = (): Table =>
  new Table({
    name: 'user_roles',
    columns: [
      text('id', 36, key),
      text('user_id', 36),
      text('role_id', 36),
      text('scope', 16),
      text('scope_id', 36),
      text('granted_by', 255, nullable),
      column('granted_at', 'bigint'),
      column('expires_at', 'bigint', nullable),
      text('grant_source', 32),
    ],
    uniques: [{ name: 'uq_user_roles', columnNames: ['user_id', 'role_id', 'scope', 'scope_id'] }],
    indices: [
      { name: 'ix_user_roles_role', columnNames: ['role_id'] },
      { name: 'ix_user_roles_scope', columnNames: ['scope_id'] },
    ],
    foreignKeys: [
      reference('fk_user_roles_user', 'user_id', 'email_users'),
      reference('fk_user_roles_role', 'role_id', 'roles'),
    ],
  });

const checks = (): Table =>
  new Table({
    name: 'permission_audit_log',
    columns: [
      text('id', 36, key),
      column('timestamp', 'bigint'),
      text('user_email', 255),
      text('token_id', 64, nullable),
      text('permission', 64),
      text('resource_type', 32, nullable),
      text('resource_id', 255, nullable),
      text('team_id', 36, nullable),
      column('granted', 'boolean'),
      text('reason', 64),
      column('roles_checked', 'text'),
      column('policies', 'text', nullable),
      text('ip_address', 64),
      text('user_agent', 255),
      text('correlation_id', 64),
    ],
    indices: [
      { name: 'ix_permission_audit_log_time', columnNames: ['timestamp'] },
      { name: 'ix_permission_audit_log_user', columnNames: ['user_email', 'id'] },
    ],
  });

const policies = (): Table =>
  new Table({
    name: 'policies',
    columns: [
      text('id', 36, key),
      text('name', 191),
      column('description', 'text', nullable),
      column('active_version', 'bigint', nullable),
      column('draft_version', 'bigint', nullable),
      column('latest_version', 'bigint'),
      text('created_by', 255),
      column('created_at', 'bigint'),
      text('modified_by', 255),
      column('updated_at', 'bigint'),
      column('revision', 'bigint', { default: 0 }),
    ],
    uniques: [{ name: 'uq_policies_name', columnNames: ['name'] }],
  });

const policyVersions = (): Table =>
  new Table({
    name: 'policy_versions',
    columns: [
      text('policy_id', 36, key),
      column('version', 'bigint', key),
      column('text', 'text'),
      text('created_by', 255),
      column('created_at', 'bigint'),
    ],
    foreignKeys: [reference('fk_policy_versions_policy', 'policy_id', 'policies')],
  });

const shadowFindings = (): Table =>
  new Table({
    name: 'policy_shadow_findings',
    columns: [
      text('id', 36, key),
      text('policy_id', 36),
      column('version', 'bigint'),
      text('user_email', 191),
      text('permission', 64),
      text('resource_type', 32),
      text('resource_id', 64),
      column('occurrences', 'bigint'),
      column('first_seen', 'bigint'),
      column('last_seen', 'bigint'),
    ],
    uniques: [
      {
        name: 'uq_policy_shadow_findings',
        columnNames: ['policy_id', 'version', 'user_email', 'permission', 'resource_type', 'resource_id'],
      },
    ],
    foreignKeys: [reference('fk_policy_shadow_findings_policy', 'policy_id', 'policies')],
  });

const TABLES = [roles, assignments, checks, policies, policyVersions, shadowFindings];

/** Roles and who holds them, the log of permission checks, policies. */
export class Access1764000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table());
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.dropTable(table());
  }
}
