import { describe, expect, it } from 'vitest';
import { pumped } from '../../../test/fixtures/pumped.js';
import { markupFault } from './markup-fault.js';

describe(markupFault.name, () => {
  it.each([
    'Converts a < b && c > d, and `SELECT * FROM t WHERE a <> b`',
    'Lists **issues**: `#1`, [docs](https://example.com/a?b=1&c=2) -> json',
    'Use <object> or <link> as a placeholder, e.g. `<base>/<path>`',
    'Replaces an <img> by its text; <form> elements too',
    'Runs JavaScript: takes an expression, answers its value',
    'javascript:\n  how to run it',
    'Options: onlyActive=true, on_conflict=replace, once=1, "on" = 5',
    'Adds data: html or text, and metadata:application/xml',
    'if x <y and online=true then <z>',
    'Vec<String>, Map<K, V>, <T extends object>, a<b>c',
    'He said "on" and = then',
    '<script-tag> and <styled> are words',
    '```html\n<div class="a">text</div>\n```',
    '&lt;script&gt; is how it is shown',
  ])('takes %j', (text) => {
    expect(markupFault(text)).toBeUndefined();
  });

  it.each([
    ['<script>alert(1)</script>', '<script>'],
    ['</SCRIPT >', '<script>'],
    ['<ScRiPt/src=//x>', '<script>'],
    ['<iframe src=x>', '<iframe>'],
    ['<style>@import "x"</style>', '<style>'],
    ['<img src=x onerror=alert(1)>', '<img>'],
    ['<img/src="x">', '<img>'],
    ['<IMG\n src=x>', '<img>'],
    ['<svg/onload=alert(1)>', '<svg>'],
    ['<svg onload=alert(1)>', '<svg>'],
    ['<object data=x>', '<object>'],
    ['<embed src=x>', '<embed>'],
    ['<link rel=stylesheet href=x>', '<link>'],
    ['<meta http-equiv=refresh content=0>', '<meta>'],
    ['<base href=//x>', '<base>'],
    ['<form action=x>', '<form>'],
    ['<video src=x>', '<video>'],
    ['<body onload=alert(1)>', 'event handler'],
    ['<a title=">" onclick=x>', 'event handler'],
    ['<details open ontoggle = x>', 'event handler'],
    ['" onmouseover="alert(1)', 'event handler'],
    ["'/onfocus=alert(1) autofocus", 'event handler'],
    ['[a](javascript:alert(1))', 'javascript:'],
    ['[a](javascript: alert(1))', 'javascript:'],
    ['<a href="JaVaScRiPt:alert(1)">', 'javascript:'],
    ['<a href="java\tscript:alert(1)">', 'javascript:'],
    ['vbscript:msgbox(1)', 'vbscript:'],
    ['data:text/html,<b>', 'data:'],
    ['data:image/svg+xml;base64,PHN2Zz4=', 'data:'],
    [`${'a<b '.repeat(1000)}<script>`, '<script>'],
  ])('refuses %j', (text, what) => {
    expect(markupFault(text)).toContain(what);
  });

  it.each([
    '<',
    '<a ',
    '<img ',
    '<img/',
    '<a on',
    '<a onload',
    'onclick ',
    '" ',
    '"/',
    'j\n',
    'java\nscript',
    'data:a/',
    'data:text/',
    ' ',
    "'onclick",
    '<a\tonerror ',
    '</',
  ])('reads a long repetition of %j in linear time', (pump) => {
    markupFault(pumped(pump));
  });
});
