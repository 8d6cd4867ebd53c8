import { describe, expect, it } from 'vitest';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { ENCODED_EXFIL_DETECTOR_CASES } from './encoded-exfil-detector.cases.js';
import { encodedExfilDetector } from './encoded-exfil-detector.plugin.js';

const ENCODED = Buffer.from('password=super-secret-token').toString('base64');
const result = { content: [{ type: 'text', text: `curl ${ENCODED}` }] };

describe('encoded_exfil_detector', () => {
  it.each(ENCODED_EXFIL_DETECTOR_CASES)('$title', async (row) => {
    expect(await outcomeOf(encodedExfilDetector, row)).toEqual(row.expect);
  });

  it('says why, and nothing of what is encoded', async () => {
    const plugin = await activePlugin(encodedExfilDetector);
    const { violation } = await askPlugin(plugin, 'tool_post_invoke', { name: 'echo', result });
    expect(violation).toMatchObject({
      reason: 'Encoded exfiltration pattern detected',
      description: 'Suspicious encoded payload detected in tool result',
      details: {
        count: 1,
        examples: [
          { encoding: 'base64', score: 5, reasons: ['readable', 'varied', 'sensitive', 'egress'], length: 36 },
        ],
      },
    });
    const terse = await activePlugin(encodedExfilDetector, { include_detection_details: false });
    expect((await askPlugin(terse, 'tool_post_invoke', { name: 'echo', result })).violation?.details).toEqual({
      count: 1,
    });
  });

  it('refuses a read of an address that carries something: it can not be masked', async () => {
    const plugin = await activePlugin(encodedExfilDetector, { redact: true, block_on_detection: false });
    const payload = { uri: `https://x.example/?q=${ENCODED}`, metadata: {} };
    expect((await askPlugin(plugin, 'resource_pre_fetch', payload)).violation?.code).toBe('ENCODED_EXFIL_DETECTED');
  });

  it.each([
    [{ allowlist_patterns: ['ok', '('] }, /allowlist_patterns\[1\]/],
    [{ enabled: { base32: true } }, /enabled\.base32 is no key/],
    [{ enabled: { hex: 1 } }, /enabled\.hex/],
    [{ min_suspicion_score: 11 }, /min_suspicion_score/],
    [{ min_printable_ratio: 2 }, /min_printable_ratio/],
    [{ max_decode_depth: 6 }, /max_decode_depth/],
  ])('is not made of %j', async (config, fault) => {
    await expect(activePlugin(encodedExfilDetector, config)).rejects.toThrow(fault);
    await expect(activePlugin(encodedExfilDetector, config)).rejects.toBeInstanceOf(PluginConfigError);
  });
});
