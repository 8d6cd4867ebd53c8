import type { Principal } from '#libs/policy';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { AuditTrail } from '../../audit/trail/audit-trail.js';
import { ChangeBus } from '../../changes/change-bus.js';
import { newId } from '../../database/new-id.js';
import { UnitOfWork } from '../../database/unit-of-work.js';
import { GatewayError } from '../../http/errors.js';
import { normaliseId } from '../../http/normalise-id.js';
import { AccessService } from '../../rbac/access.service.js';
import { Team } from '../../teams/team.entity.js';
import type { PluginEntryDto } from '../config/plugin-file.dto.js';
import type { OnError, PluginMode } from '../config/plugin-mode.js';
import { PluginFactory } from '../config/plugin-factory.js';
import { pluginOfKind } from '../config/plugin-kinds.js';
import type { BindingPolicyDto, BindPluginsDto } from './dto/plugin-binding.dto.js';
import { PluginBinding } from './plugin-binding.entity.js';

/** Bindings of one team. */
const MOST_OF_TEAM = 1000;
/** JSON text. */
const LONGEST_CONFIG = 20_000;

/** Which plugins run for the tools of teams, over what the file says for everybody. */
@Injectable()
export class PluginBindings {
  constructor(
    private readonly database: DataSource,
    private readonly units: UnitOfWork,
    private readonly access: AccessService,
    private readonly factory: PluginFactory,
    private readonly trail: AuditTrail,
    private readonly changes: ChangeBus,
  ) {}

  /** Of the teams in which the caller may see them. */
  async list(caller: Principal, teamId?: string): Promise<PluginBinding[]> {
    if (teamId !== undefined) await this.#demandTeam(caller, 'tools.read', teamId);
    const order = { teamId: 'ASC', toolName: 'ASC', pluginId: 'ASC' } as const;
    const rows = await this.database.manager.find(PluginBinding, {
      where: teamId === undefined ? {} : { teamId },
      order,
    });
    return rows.filter((row) => this.access.decide(caller, 'tools.read', ofTeam(row.teamId)).allowed);
  }

  /** Makes each binding, or makes it anew; all of them or none. @throws GatewayError 404, 409, 422 */
  async bind(caller: Principal, { teams }: BindPluginsDto): Promise<PluginBinding[]> {
    const wanted: PluginBinding[] = [];
    for (const [given, { policies }] of teams) {
      const teamId = normaliseId(given);
      await this.#demandTeam(caller, 'tools.manage_plugins', teamId);
      if (policies.reduce((sum, { tool_names: names }) => sum + names.length, 0) > MOST_OF_TEAM) throw tooMany();
      for (const [index, policy] of policies.entries())
        wanted.push(...(await this.#rowsOf(teamId, policy, `teams.${teamId}.policies[${index}]`, caller)));
    }
    await this.units.run(async (manager) => {
      for (const row of wanted) await this.#store(manager, caller, row);
      for (const teamId of new Set(wanted.map((row) => row.teamId)))
        if ((await manager.countBy(PluginBinding, { teamId })) > MOST_OF_TEAM) throw tooMany();
    });
    this.changes.publish({ kind: 'plugins_changed' });
    return this.database.manager.findBy(PluginBinding, { id: In(wanted.map(({ id }) => id)) });
  }

  /** @throws GatewayError 404, also of a team whose plugins are not the caller's to manage */
  async unbind(caller: Principal, id: string): Promise<PluginBinding> {
    const row = await this.database.manager.findOneBy(PluginBinding, { id });
    if (!row) throw new GatewayError('not_found', `Plugin binding not found: ${id}`);
    this.#demand(caller, 'tools.manage_plugins', row.teamId, `Plugin binding not found: ${id}`);
    await this.units.run(async (manager) => {
      await manager.delete(PluginBinding, { id });
      await this.trail.record(manager, caller, { ...actOn(row), action: 'delete', before: valuesOf(row) });
    });
    this.changes.publish({ kind: 'plugins_changed' });
    return row;
  }

  /** As entries of the file, those for all tools of a team before those for one. */
  async entries(file: readonly PluginEntryDto[]): Promise<readonly PluginEntryDto[]> {
    const rows = await this.database.manager.find(PluginBinding, { order: { id: 'ASC' } });
    const general = ({ toolName }: PluginBinding): number => (toolName.includes('*') ? 0 : 1);
    return rows.toSorted((a, b) => general(a) - general(b)).map((row) => entryOf(row, file));
  }

  async #rowsOf(teamId: string, policy: BindingPolicyDto, at: string, caller: Principal): Promise<PluginBinding[]> {
    const definition = pluginOfKind(policy.plugin_id) ?? pluginOfKind(policy.plugin_id.toLowerCase());
    if (!definition)
      throw new GatewayError('validation_failed', `${at}.plugin_id "${policy.plugin_id}" is no plugin of this gateway`);
    if (definition.bindable === false)
      throw new GatewayError(
        'validation_failed',
        `${at}.plugin_id ${definition.name} can’t be bound: it is for administrators alone`,
      );
    if (JSON.stringify(policy.config).length > LONGEST_CONFIG)
      throw new GatewayError('validation_failed', `${at}.config is longer than ${LONGEST_CONFIG} characters of JSON`);
    const now = new Date();
    const rows = policy.tool_names.map((toolName) => ({
      id: newId(),
      teamId,
      toolName,
      pluginId: definition.name,
      mode: policy.mode,
      priority: policy.priority,
      config: policy.config,
      onError: policy.on_error ?? null,
      bindingReferenceId: policy.binding_reference_id ?? null,
      createdBy: caller.subject,
      createdAt: now,
      updatedAt: now,
    }));
    const [first] = rows;
    const faults = first ? await this.factory.faultsOfMaking(entryOf(first, []), at) : [];
    if (faults.length > 0) throw new GatewayError('validation_failed', faults.join('; '));
    return rows;
  }

  async #store(manager: EntityManager, caller: Principal, row: PluginBinding): Promise<void> {
    const { teamId, toolName, pluginId } = row;
    const known = await manager.findOneBy(PluginBinding, { teamId, toolName, pluginId });
    if (known) {
      const { id, createdAt, createdBy } = known;
      Object.assign(row, { id, createdAt, createdBy });
      await manager.update(PluginBinding, { id }, row);
      await this.trail.record(manager, caller, {
        ...actOn(row),
        action: 'update',
        before: valuesOf(known),
        after: valuesOf(row),
      });
    } else {
      await manager.insert(PluginBinding, row);
      await this.trail.record(manager, caller, { ...actOn(row), action: 'create', after: valuesOf(row) });
    }
  }

  /** @throws GatewayError 403, 404 */
  async #demandTeam(
    caller: Principal,
    permission: 'tools.read' | 'tools.manage_plugins',
    teamId: string,
  ): Promise<void> {
    this.#demand(caller, permission, teamId);
    if (!(await this.database.manager.existsBy(Team, { id: teamId, isActive: true })))
      throw new GatewayError('not_found', `Team not found: ${teamId}`);
  }

  #demand(
    caller: Principal,
    permission: 'tools.read' | 'tools.manage_plugins',
    teamId: string,
    unknown = `Team not found: ${teamId}`,
  ): void {
    const { allowed, reason } = this.access.check(caller, permission, ofTeam(teamId), { teamId });
    if (allowed) return;
    throw reason === 'not_visible'
      ? new GatewayError('not_found', unknown)
      : new GatewayError('access_denied', undefined, reason);
  }
}

const tooMany = (): GatewayError =>
  new GatewayError('conflict', `A team has at most ${MOST_OF_TEAM} bindings of plugins`);

const ofTeam = (teamId: string) => ({ visibility: 'team', teamId, ownerEmail: null }) as const;

/** Under the name that the plugin has in the file, in whose place it runs. */
function entryOf(row: PluginBinding, file: readonly PluginEntryDto[]): PluginEntryDto {
  const { teamId, toolName, pluginId, mode, priority, onError, config } = row;
  const bound = file.find(({ kind }) => pluginOfKind(kind)?.name === pluginId);
  return {
    name: bound?.name ?? pluginId,
    kind: pluginId,
    ...(bound?.hooks && { hooks: bound.hooks }),
    mode: mode as PluginMode,
    ...(onError !== null && { on_error: onError as OnError }),
    priority,
    conditions: [{ tenant_ids: [teamId], tools: [toolName] }],
    config: config as Record<string, unknown>,
  };
}

const actOn = ({ id, teamId, pluginId, toolName }: PluginBinding) =>
  ({ resourceType: 'configuration', resourceId: id, resourceName: `${pluginId} for ${toolName}`, teamId }) as const;

// Its configuration may hold secrets.
const valuesOf = ({ toolName, pluginId, mode, priority, onError, bindingReferenceId }: PluginBinding) => ({
  tool_name: toolName,
  plugin_id: pluginId,
  mode,
  priority,
  on_error: onError,
  binding_reference_id: bindingReferenceId,
});
