import { beforeAll, describe, expect, it } from 'vitest';
import type { ActivePlugin } from '../../chain/active-plugin.js';
import { activePlugin, askPlugin, outcomeOf } from '../../../../test/fixtures/plugins/run-case.js';
import { PluginConfigError } from '../../plugin-definition.js';
import { SAFE_HTML_SANITIZER_CASES } from './safe-html-sanitizer.cases.js';
import { safeHtmlSanitizer } from './safe-html-sanitizer.plugin.js';

let plugin: ActivePlugin;
beforeAll(async () => {
  plugin = await activePlugin(safeHtmlSanitizer);
});

const sanitized = async (html: string): Promise<unknown> => {
  const result = { contents: [{ uri: 'test://a', mimeType: 'text/html', text: html }] };
  const { payload, violation, failed } = await askPlugin(plugin, 'resource_post_fetch', { uri: 'test://a', result });
  if (failed) throw new Error('the plugin failed');
  return violation?.code ?? (payload.result['contents'] as { text: string }[])[0]?.text;
};

describe('safe_html_sanitizer', () => {
  it.each(SAFE_HTML_SANITIZER_CASES)('$title', async (row) => {
    expect(await outcomeOf(safeHtmlSanitizer, row)).toEqual(row.expect);
  });

  it.each([
    '<img src=1 onerror=alert(1)//',
    '<svg onload=alert(1)>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href=" &#1; javascript:alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<template><img src=x onerror=alert(1)></template>',
    '<p title="<!--"><img src=x onerror=alert(1)>--></p>',
    '<a xlink:href="javascript:alert(1)">x</a>',
    '<base href="//evil.example/"><meta http-equiv=refresh content="0;url=//evil.example">',
  ])('should leave nothing of %s that runs', async (html) => {
    const clean = String(await sanitized(html));
    const outside = clean.replaceAll(/="[^"]*"/g, '');
    expect(outside).not.toMatch(/onerror|onload|<script|<svg|<base|<meta|<style|<template/i);
    expect(clean).not.toMatch(/(?:href|src)="[^"]*(?:script|data):/i);
    expect(await sanitized(clean)).toBe(clean);
  });

  it.each([
    ['<b>', 200_000],
    ['<div><p>', 100_000],
    ['<a href="', 100_000],
    ['<!--', 200_000],
    ['<table><tr><td>', 60_000],
    ['<', 400_000],
    ['<p>a</p>', 120_000],
  ])('should not work for ever on much of %s', async (piece, times) => {
    expect(typeof (await sanitized(piece.repeat(times)))).toBe('string');
  });

  it.each([
    [{ allowed_tags: ['<p>'] }, 'allowed_tags'],
    [{ allowed_attrs: { a: 'href' } }, 'allowed_attrs.a'],
    [{ allowed_attrs: { a: ['onclick'] } }, 'onclick, which can run'],
    [{ max_html_length: 0 }, 'max_html_length'],
    [{ allow_script: true }, 'allow_script'],
  ])('is not made of %j', async (config, fault) => {
    const made = activePlugin(safeHtmlSanitizer, config);
    await expect(made).rejects.toThrow(PluginConfigError);
    await expect(made).rejects.toThrow(fault);
  });
});
