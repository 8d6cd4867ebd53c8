import type { DOMPurify, WindowLike } from 'dompurify';
import { type Block, mapBlocks, mediaTypeOf } from '../../content/map-blocks.js';
import type { ResourcePostFetch } from '../../hooks.js';
import { type HookHandlers, Plugin, type PluginResult } from '../../plugin.js';
import { PluginConfigError, type PluginDefinition } from '../../plugin-definition.js';
import { HtmlSanitizer, HtmlTooLargeError } from './html-sanitizer.js';
import { SafeHtmlSanitizerSettings } from './safe-html-sanitizer.settings.js';

const HTML_TYPE = /^(?:text\/html|application\/xhtml\+xml|image\/svg\+xml|(?:text|application)\/(?:[\w.-]+\+)?xml)$/;
/** What does not say what it is, is HTML if it looks like it. */
const UNSAID: ReadonlySet<string | undefined> = new Set([undefined, 'text/plain', 'application/octet-stream']);
const LOOKS_LIKE_HTML =
  /<(?:!doctype\s|\/?(?:html|head|body|script|style|iframe|frame|object|embed|svg|math|img|a|p|div|span|table|ul|ol|li|h[1-6]|form|input|button|video|audio|link|meta|base|b|i|br|strong|em|details|template|marquee)[\s/>])/i;

const TOO_LARGE = {
  reason: 'Content too large to sanitize',
  description: 'The HTML is too long, or has too many tags, to be made safe',
  code: 'CONTENT_TOO_LARGE',
} as const;

type Outcome = Pick<ResourcePostFetch, 'result'>;

/** Takes out of HTML what could run, load or deceive. */
class SafeHtmlSanitizer extends Plugin {
  readonly hooks: HookHandlers = {
    resource_post_fetch: (payload) => this.#clean(payload),
    tool_post_invoke: (payload) => this.#clean(payload),
    prompt_post_fetch: (payload) => this.#clean(payload),
  };

  constructor(
    private readonly sanitizer: HtmlSanitizer,
    private readonly toText: boolean,
    private readonly page: { close(): void },
  ) {
    super();
  }

  override close(): void {
    this.page.close();
  }

  #clean<P extends Outcome>(payload: P): (Pick<PluginResult, 'violation'> & { payload?: P }) | undefined {
    try {
      const result = mapBlocks(payload.result, (block) => this.#block(block));
      return result === payload.result ? undefined : { payload: { ...payload, result } };
    } catch (error) {
      if (error instanceof HtmlTooLargeError) return { violation: TOO_LARGE };
      throw error;
    }
  }

  #block(block: Block): Block {
    const { text, blob } = block;
    const type = mediaTypeOf(block);
    const html = typeof text === 'string' ? text : typeof blob === 'string' ? textOf(blob) : undefined;
    const says = type !== undefined && HTML_TYPE.test(type);
    if (html === undefined || !(says || (UNSAID.has(type) && LOOKS_LIKE_HTML.test(html)))) return block;
    const clean = this.sanitizer.sanitize(html);
    if (clean === html) return block;
    const made =
      typeof text === 'string' ? { ...block, text: clean } : { ...block, blob: Buffer.from(clean).toString('base64') };
    return this.toText && type !== undefined ? { ...made, mimeType: 'text/plain' } : made;
  }
}

/** Bytes as a browser would read them; undefined where they are plainly no text. */
function textOf(blob: string): string | undefined {
  const bytes = Buffer.from(blob, 'base64');
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.subarray(2).toString('utf16le');
  const text = bytes.toString('utf8');
  return text.includes('\0') ? undefined : text;
}

function attributesOf(given: Readonly<Record<string, unknown>>): Map<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(given).map(([tag, names]) => {
      const at = `allowed_attrs.${tag}`;
      if (
        !Array.isArray(names) ||
        names.length > 100 ||
        names.some((name) => typeof name !== 'string' || name.length > 50)
      )
        throw new PluginConfigError([`${at} must be a list of at most 100 names`]);
      const plain = (names as string[]).map((name) => name.toLowerCase());
      const bad = plain.find((name) => name.startsWith('on') || name === 'srcdoc');
      if (bad !== undefined) throw new PluginConfigError([`${at} has ${bad}, which can run something`]);
      return [tag.toLowerCase(), new Set(plain)];
    }),
  );
}

/** The DOM of an empty page. Loaded for those who use it alone: it takes long, and much memory. */
async function emptyPage(): Promise<{ readonly page: { close(): void }; readonly purify: DOMPurify }> {
  const [{ JSDOM }, { default: createDOMPurify }] = await Promise.all([import('jsdom'), import('dompurify')]);
  const { window } = new JSDOM('');
  return { page: window, purify: createDOMPurify(window as unknown as WindowLike) };
}

export const safeHtmlSanitizer: PluginDefinition<SafeHtmlSanitizerSettings> = {
  name: 'safe_html_sanitizer',
  kinds: ['plugins.safe_html_sanitizer.safe_html_sanitizer.SafeHTMLSanitizerPlugin'],
  description: 'Takes out of HTML what could run, load or deceive.',
  hooks: ['resource_post_fetch'],
  optionalHooks: ['tool_post_invoke', 'prompt_post_fetch'],
  settings: SafeHtmlSanitizerSettings,
  priority: 119,
  security: true,
  create: async (settings) => {
    const attributes = attributesOf(settings.allowed_attrs);
    const { page, purify } = await emptyPage();
    return new SafeHtmlSanitizer(new HtmlSanitizer(purify, settings, attributes), settings.to_text, page);
  },
};
