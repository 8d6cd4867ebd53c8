import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AuditTrail } from '../../src/audit/trail/audit-trail.js';
import { InProcessChangeBus } from '../../src/changes/change-bus.js';
import { UnitOfWork } from '../../src/database/unit-of-work.js';
import { CedarPolicies } from '../../src/rbac/policies/cedar-policies.js';
import { PolicyReader } from '../../src/rbac/policies/policy-reader.js';
import { PolicyStore } from '../../src/rbac/policies/policy-store.js';
import { PolicyService } from '../../src/rbac/policies/policy.service.js';
import { ShadowFindings } from '../../src/rbac/policies/shadow-findings.js';
import { administrator } from '../fixtures/principals.js';
import { question } from '../fixtures/rbac/compiled.js';
import { refusalOf } from '../fixtures/refusal-of.js';
import { onEveryDatabase } from './on-every-database.js';

const text = (name: string): string =>
  `forbid (principal, action == Action::"tools.execute", resource is Tool) when { resource.name == "${name}" };`;
const PAGE = { limit: 50, offset: 0 };

describe('policies', () => {
  onEveryDatabase((database) => {
    let store: PolicyStore;
    let reader: PolicyReader;
    let policies: PolicyService;
    let findings: ShadowFindings;
    let engine: CedarPolicies;

    beforeAll(async () => {
      const { dataSource } = database;
      const bus = new InProcessChangeBus();
      store = new PolicyStore(dataSource);
      reader = new PolicyReader(dataSource);
      findings = new ShadowFindings(dataSource);
      engine = new CedarPolicies(store, findings, bus);
      await engine.onApplicationBootstrap();
      policies = new PolicyService(new UnitOfWork(dataSource), reader, engine, bus, new AuditTrail());
    });
    afterAll(() => engine?.beforeApplicationShutdown());

    const write = (name: string) => policies.create(administrator, { name, text: text(name) });
    const kept = async (id: string) =>
      (await store.load())
        .filter(({ policyId }) => policyId === id)
        .sort((one, other) => one.version - other.version)
        .map(({ version, active }) => [version, active]);

    it('are read with the texts that are in force or in shadow', async () => {
      const { id } = await write('texts');
      expect(await kept(id)).toEqual([[1, false]]);
      await policies.activate(administrator, id);
      expect(await kept(id)).toEqual([[1, true]]);
      await policies.update(administrator, id, { text: text('other') });
      expect(await kept(id)).toEqual([
        [1, true],
        [2, false],
      ]);
      await policies.deactivate(administrator, id);
      expect(await kept(id)).toEqual([[2, false]]);
      expect((await reader.get(id)).text).toBe(text('other'));
      await policies.delete(administrator, id);
      expect(await kept(id)).toEqual([]);
      expect(await refusalOf(reader.versions(id))).toMatchObject({ status: 404 });
    });

    it('have names of their own', async () => {
      const { id } = await write('taken');
      expect(await refusalOf(write('taken'))).toMatchObject({ status: 409 });
      const other = await write('free');
      expect(await refusalOf(policies.update(administrator, other.id, { name: 'taken' }))).toMatchObject({
        status: 409,
      });
      await policies.delete(administrator, id);
      await policies.delete(administrator, other.id);
    });

    it('are changed by one of many at once', async () => {
      const { id, revision } = await write('raced');
      const changes = Array.from({ length: 6 }, (_, at) =>
        policies.update(administrator, id, { text: text(`raced ${at}`), revision }).then(
          () => 'done',
          ({ status }: { status: number }) => status,
        ),
      );
      const outcomes = await Promise.all(changes);
      expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 409)).toHaveLength(5);
      expect(await reader.versions(id)).toHaveLength(2);
      await policies.delete(administrator, id);
    });

    it('keep their last hundred versions, and the one in force', async () => {
      const { id } = await write('many');
      await policies.activate(administrator, id);
      for (let version = 2; version <= 103; version += 1)
        await policies.update(administrator, id, { text: text(`many ${version}`) });
      const versions = (await reader.versions(id)).map(({ version }) => version);
      expect([versions[0], versions.at(-2), versions.at(-1), versions.length]).toEqual([103, 4, 1, 101]);
      await policies.delete(administrator, id);
    });

    it('count what drafts would have denied, from several replicas', async () => {
      const { id } = await write('shadow');
      const others = new ShadowFindings(database.dataSource);
      const about = question();
      for (const one of [findings, others])
        for (const now of [2000, 1000, 3000]) one.note({ ...about, now }, { policyId: id, version: 1 });
      others.note({ ...about, row: undefined }, { policyId: id, version: 1 });
      await Promise.all([findings.flush(), others.flush()]);
      const { rows, total } = await reader.shadow(id, PAGE);
      expect([total, rows.map(({ resourceType, occurrences }) => [resourceType, occurrences])]).toEqual([
        2,
        [
          ['Tool', 6],
          ['Platform', 1],
        ],
      ]);
      expect(rows[0]?.lastSeen).toEqual(new Date(3000));
      await policies.update(administrator, id, { text: text('anew') });
      expect((await reader.shadow(id, PAGE)).total).toBe(0);
      await policies.delete(administrator, id);
    });

    it('count nothing for texts that are no drafts any more', async () => {
      const { id } = await write('gone');
      findings.note(question(), { policyId: id, version: 2 });
      findings.note(question(), { policyId: 'f'.repeat(32), version: 1 });
      await findings.flush();
      expect((await reader.shadow(id, PAGE)).total).toBe(0);
      await policies.delete(administrator, id);
    });
  });
});
