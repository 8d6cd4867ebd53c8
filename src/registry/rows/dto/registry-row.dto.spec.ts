import { describe, expect, it } from 'vitest';
import { serverPart } from '../../../../test/fixtures/registry/catalog-parts.js';
import { shownRow } from './registry-row.dto.js';

const PROVENANCE = {
  createdBy: 'ann@example.com',
  createdFromIp: '192.0.2.1',
  createdVia: 'api',
  createdUserAgent: 'curl/8',
  modifiedBy: 'bob@example.com',
  modifiedFromIp: '192.0.2.2',
  modifiedVia: 'import',
  modifiedUserAgent: 'browser/1',
  importBatchId: 'batch',
  federationSource: 'clock',
} as const;
const shown = (changeable: boolean | undefined) => shownRow(serverPart([], { ...PROVENANCE, changeable }).row);

describe(shownRow, () => {
  it('shows the whole provenance to those who may change the row', () => {
    expect(shown(true)).toMatchObject(PROVENANCE);
  });

  it.each([false, undefined])('shows others no address and no user agent: %s', (changeable) => {
    const hidden = { createdFromIp: null, createdUserAgent: null, modifiedFromIp: null, modifiedUserAgent: null };
    expect(shown(changeable)).toMatchObject({ ...PROVENANCE, ...hidden });
    expect(JSON.stringify(shown(changeable))).not.toMatch(/192\.0\.2|curl|browser/);
  });
});
