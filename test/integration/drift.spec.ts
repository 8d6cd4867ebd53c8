import { describe, expect, it } from 'vitest';
import { schemaDrift } from '../../src/database/schema-drift.js';
import { LIBRARY } from '../fixtures/database/library.js';
import { onEveryDatabase } from './on-every-database.js';

describe('the schema that the migrations build', () => {
  describe('of the application is the one that its entities describe', () => {
    onEveryDatabase((database) => {
      it('has no drift', async () => {
        expect(await schemaDrift(database.dataSource)).toEqual([]);
      });
    });
  });

  describe('of the test library is the one that its entities describe', () => {
    onEveryDatabase((database) => {
      it('has no drift', async () => {
        expect(await schemaDrift(database.dataSource)).toEqual([]);
      });
    }, LIBRARY);
  });
});
