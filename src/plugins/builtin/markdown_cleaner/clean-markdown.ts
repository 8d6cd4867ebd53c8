import { withoutInvisible } from '../../content/invisible.js';
import type { MarkdownCleanerSettings } from './markdown-cleaner.settings.js';

const LINE_BREAKS = /\r\n?|[\u2028\u2029\u0085]/g;
/** A line of three or more backticks or tildes; what follows them names the language. */
const FENCE = /^ {0,3}(`{3,}|~{3,})([^\n]*)$/;
const HEADING = /^( {0,3}#{1,6})(?=[^\s#])/;
const BULLET = /^(\s{0,32})[*•+](?=[ \t])/;
const EMPTY_LINES = /\n{3,}/g;
/** In `![alt](address "title")` from the alt on; an address of the document itself is not remote. */
const REMOTE_ADDRESS = /\]\(\s{0,8}<?(?:https?:)?\/\//gi;
const LONGEST_ALT = 300;
const [OPENING, BACKSLASH, CLOSING] = [0x5b, 0x5c, 0x5d];
const IMAGE_TAG = /<img\b/gi;
const LONGEST_TAG = 2000;
const REMOTE_SOURCE = /\ssrc\s{0,8}=\s{0,8}["']?(?:https?:)?\/\//i;
/** `[//]: # (words)`, which shows nothing. */
const COMMENT_LINK = /^ {0,3}\[(?:\/\/|comment|\^_\^)\]:[^\n]{0,4000}$/gim;
const CONTAINER = /<(span|div|p|font|small|section|details)\b/gi;
const HIDES =
  /display\s{0,4}:\s{0,4}none|visibility\s{0,4}:\s{0,4}hidden|(?:font-size|opacity)\s{0,4}:\s{0,4}0(?![.\d])|\shidden(?=[\s>=])/i;

/** Tidy Markdown that says what it shows. What stands in code stays as it is. */
export function cleanMarkdown(markdown: string, settings: MarkdownCleanerSettings): string {
  const parts = fenced(markdown.replaceAll(LINE_BREAKS, '\n'));
  const cleaned = parts.map(({ text, isCode }) => (isCode ? text : cleanProse(text, settings)));
  return cleaned.join('\n').trim();
}

interface Part {
  readonly text: string;
  readonly isCode: boolean;
}

function cleanProse(
  text: string,
  { strip_remote_images, strip_html_comments, strip_hidden_text }: MarkdownCleanerSettings,
): string {
  let made = text;
  if (strip_html_comments) made = withoutComments(made).replaceAll(COMMENT_LINK, '');
  if (strip_hidden_text) made = withoutHidden(withoutInvisible(made));
  if (strip_remote_images) made = withoutRemoteTags(withoutRemoteImages(made));
  return (
    made
      .split('\n')
      .map((line) => line.replace(HEADING, '$1 ').replace(BULLET, '$1-'))
      .join('\n')
      .replaceAll(EMPTY_LINES, '\n\n')
      // Beside code one more line break is added at each end.
      .replace(/^\n+$/, '')
      .replace(/^\n{2}/, '\n')
      .replace(/\n{2}$/, '\n')
  );
}

/** Code blocks, empty ones left out, and what stands between them. A block that is never closed goes on to the end. */
function fenced(markdown: string): Part[] {
  const parts: Part[] = [];
  let prose: string[] = [];
  let code: string[] = [];
  let fence: string | undefined;
  const push = (lines: readonly string[], isCode: boolean): void => {
    if (lines.length > 0) parts.push({ text: lines.join('\n'), isCode });
  };
  for (const line of markdown.split('\n')) {
    const [, mark, rest = ''] = FENCE.exec(line) ?? [];
    if (fence !== undefined) {
      code.push(line);
      if (!mark?.startsWith(fence) || rest.trim() !== '') continue;
      fence = undefined;
      if (code.slice(1, -1).every((inside) => inside.trim() === '')) continue;
      push(prose, false);
      push(code, true);
      prose = [];
    } else if (mark !== undefined && !(mark.startsWith('`') && rest.includes('`'))) [code, fence] = [[line], mark];
    else prose.push(line);
  }
  push(prose, false);
  if (fence !== undefined) push(code, true);
  return parts;
}

/** From `<!--` to `-->`, or to the end where it is not closed. */
function withoutComments(text: string): string {
  let made = '';
  let done = 0;
  for (let at = text.indexOf('<!--'); at >= 0; at = text.indexOf('<!--', done)) {
    made += text.slice(done, at);
    const end = text.indexOf('-->', at + 4);
    if (end < 0) return made;
    done = end + 3;
  }
  return made + text.slice(done);
}

/** Their `!` left out, so that links remain, also of images in the alt of others. */
function withoutRemoteImages(text: string): string {
  const marks = new Set(Array.from(text.matchAll(REMOTE_ADDRESS), ({ index }) => startOfAlt(text, index) - 1));
  let made = '';
  let done = 0;
  for (const at of [...marks].toSorted((a, b) => a - b)) {
    if (text[at] !== '!') continue;
    made += text.slice(done, at);
    done = at + 1;
  }
  return made + text.slice(done);
}

/** The bracket that the one at `end` closes; 0 where there is none near. */
function startOfAlt(text: string, end: number): number {
  let open = 1;
  for (let at = end - 1; at >= Math.max(0, end - LONGEST_ALT - 1); at--) {
    const code = text.charCodeAt(at);
    if ((code !== OPENING && code !== CLOSING) || text.charCodeAt(at - 1) === BACKSLASH) continue;
    open += code === CLOSING ? 1 : -1;
    if (open === 0) return at;
  }
  return 0;
}

function withoutRemoteTags(text: string): string {
  let made = '';
  let done = 0;
  for (const { tag, index } of tagsOf(text, IMAGE_TAG)) {
    if (!REMOTE_SOURCE.test(tag)) continue;
    made += text.slice(done, index);
    done = index + tag.length;
  }
  return made + text.slice(done);
}

/** One after the other; the end of each is looked for once. */
function* tagsOf(text: string, beginning: RegExp): Generator<{ tag: string; name: string; index: number }> {
  let end = -1;
  let done = 0;
  for (const { 1: name = '', index } of text.matchAll(beginning)) {
    if (index < done) continue;
    if (end < index) end = text.indexOf('>', index);
    if (end < 0) return;
    if (end - index > LONGEST_TAG) continue;
    done = end + 1;
    yield { tag: text.slice(index, done), name, index };
  }
}

/** Elements that a style hides, with what is in them, up to the next end of an element of that name. */
function withoutHidden(text: string): string {
  const lower = text.toLowerCase();
  let made = '';
  let done = 0;
  for (const { tag, name, index } of tagsOf(text, CONTAINER)) {
    if (index < done || !HIDES.test(tag)) continue;
    made += text.slice(done, index);
    const close = `</${name.toLowerCase()}>`;
    const end = lower.indexOf(close, index + tag.length);
    if (end < 0) return made;
    done = end + close.length;
  }
  return made + text.slice(done);
}
