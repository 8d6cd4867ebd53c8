import type { DOMPurify } from 'dompurify';
import { BIDI_CONTROLS } from '../../content/invisible.js';
import type { SafeHtmlSanitizerSettings } from './safe-html-sanitizer.settings.js';

/** Tags in one text, and how deep they may stand in each other. Beyond that a parser takes long. */
const [MOST_TAGS, DEEPEST] = [50_000, 500];
const LINK = /^(?:https?|mailto|tel):/i;
const SCHEME = /^[^/?#]*:/;
const DATA_IMAGE = /^data:image\/(?:png|jpe?g|gif|webp);base64,[a-z0-9+/=\s]*$/i;
/** Controls and spaces that browsers pass over in an address. */
const IGNORED = /[^\P{Control}]|\s/gu;
const DECLARATION = /^\s*[a-z-]{1,40}\s*:\s*[#\w\s.,%()'"-]{1,200}$/i;
const BAD_STYLE = /url|expression|import|behavior|binding|javascript|position|z-index|opacity|\\/i;
const BLOCKS = /<(?:br|hr|\/(?:p|div|li|tr|h[1-6]|blockquote|pre|table|ul|ol))\b[^>]{0,1000}>/gi;

/** The HTML is larger than can be made safe in a reasonable time. */
export class HtmlTooLargeError extends Error {}

/** Of a browser, what the rules look at. */
interface ElementLike {
  readonly tagName: string;
  setAttribute(name: string, value: string): void;
  hasAttribute(name: string): boolean;
}

/** Makes HTML harmless, by the rules of the configuration and never less strictly than the library. */
export class HtmlSanitizer {
  readonly #config: object;

  constructor(
    private readonly purify: DOMPurify,
    private readonly settings: SafeHtmlSanitizerSettings,
    /** Of tags by name; `*` of all. */
    private readonly attributes: ReadonlyMap<string, ReadonlySet<string>>,
  ) {
    const { allowed_tags, drop_unknown_tags, remove_comments } = settings;
    const tags = [...allowed_tags, ...(remove_comments ? [] : ['#comment'])];
    const names = [...new Set([...attributes.values()].flatMap((all) => [...all]))];
    this.#config = {
      ...(drop_unknown_tags
        ? { ALLOWED_TAGS: [...tags, '#text'], ALLOWED_ATTR: names }
        : {
            USE_PROFILES: { html: true },
            ADD_TAGS: tags,
            ADD_ATTR: names,
            FORBID_TAGS: ['form', 'input', 'button', 'textarea', 'select'],
          }),
      ALLOW_DATA_ATTR: false,
      ALLOW_ARIA_ATTR: false,
    };
    purify.addHook('uponSanitizeAttribute', (node, data) => {
      const value = this.#attribute(
        (node as unknown as ElementLike).tagName.toLowerCase(),
        data.attrName,
        data.attrValue,
      );
      if (value === undefined) data.keepAttr = false;
      else data.attrValue = value;
    });
    purify.addHook('afterSanitizeAttributes', (node) => {
      const element = node as unknown as ElementLike;
      // What opens elsewhere must not reach back.
      if (element.hasAttribute('target')) element.setAttribute('rel', 'noopener noreferrer');
    });
  }

  /** @throws HtmlTooLargeError */
  sanitize(html: string): string {
    const { max_html_length, remove_bidi_controls, to_text } = this.settings;
    if (html.length > max_html_length || isTangled(html)) throw new HtmlTooLargeError();
    const given = remove_bidi_controls ? html.replaceAll(BIDI_CONTROLS, '') : html;
    const clean = this.purify.sanitize(given, this.#config);
    return to_text ? this.#text(clean) : clean;
  }

  #text(clean: string): string {
    const lines = clean.replaceAll(BLOCKS, (tag) => `${tag}\n`);
    const root = this.purify.sanitize(lines, { ...this.#config, RETURN_DOM: true }) as unknown as {
      textContent: string;
    };
    return root.textContent
      .replaceAll(/[ \t]+\n/g, '\n')
      .replaceAll(/\n{3,}/g, '\n\n')
      .trim();
  }

  /** @returns its value as it may stay; undefined if it may not */
  #attribute(tag: string, name: string, value: string): string | undefined {
    if (name.startsWith('on') || !(this.attributes.get('*')?.has(name) || this.attributes.get(tag)?.has(name)))
      return undefined;
    if (name === 'style') return this.settings.sanitize_css ? plainStyle(value) : value;
    const address = value.replaceAll(IGNORED, '');
    if (!SCHEME.test(address)) return value;
    if (name === 'src' && tag === 'img' && DATA_IMAGE.test(address))
      return this.settings.allow_data_images ? value : undefined;
    return ADDRESSES.has(name) && !LINK.test(address) ? undefined : value;
  }
}

const ADDRESSES: ReadonlySet<string> = new Set(
  'href src srcset action formaction cite background poster longdesc data xlink:href manifest ping'.split(' '),
);

function plainStyle(style: string): string | undefined {
  const plain = style.split(';').filter((part) => DECLARATION.test(part) && !BAD_STYLE.test(part));
  return plain.length > 0 ? plain.map((part) => part.trim()).join('; ') : undefined;
}

/** So many tags, or so many that are not closed, that a parser would take long. */
function isTangled(html: string): boolean {
  let [tags, open] = [0, 0];
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
    tags++;
    if (html[at + 1] === '/') open = Math.max(0, open - 1);
    else if (/[a-z]/i.test(html[at + 1] ?? '') && !VOID.test(html.slice(at + 1, at + 8))) open++;
    if (tags > MOST_TAGS || open > DEEPEST) return true;
  }
  return false;
}

/** Tags that hold nothing, or whose ends are mostly left out. */
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|li|p|td|th|tr|dd|dt|option)\b/i;
