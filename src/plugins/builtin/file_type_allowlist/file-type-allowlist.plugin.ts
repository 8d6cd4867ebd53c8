import { type Block, blocksOf, mediaTypeOf } from '../../content/map-blocks.js';
import { fitsPattern } from '../../chain/conditions.js';
import type { ResourcePostFetch, ToolPostInvoke } from '../../hooks.js';
import { type HookHandlers, Plugin, type Violation } from '../../plugin.js';
import type { PluginDefinition } from '../../plugin-definition.js';
import { FileTypeAllowlistSettings } from './file-type-allowlist.settings.js';
import { headOf, mayBeCalled, sniffType } from './sniff-type.js';

type Refusal = { readonly violation: Violation } | undefined;

/** Lets through the types of files that are allowed: by their name, by what they say, and by how they begin. */
class FileTypeAllowlist extends Plugin {
  readonly hooks: HookHandlers = {
    resource_pre_fetch: ({ uri }) => this.#name(uri),
    resource_post_fetch: (payload) => this.#contents(payload),
    tool_post_invoke: (payload) => this.#contents(payload),
    prompt_post_fetch: (payload) => this.#contents(payload),
  };
  readonly #types: readonly string[];
  readonly #extensions: ReadonlySet<string>;

  constructor({ allowed_mime_types, allowed_extensions }: FileTypeAllowlistSettings) {
    super();
    this.#types = allowed_mime_types.map((type) => type.toLowerCase());
    this.#extensions = new Set(allowed_extensions.map((name) => name.toLowerCase().replace(/^\.?/, '.')));
  }

  #name(uri: string): Refusal {
    const extension = extensionOf(uri);
    if (extension === undefined || this.#extensions.size === 0 || this.#extensions.has(extension)) return undefined;
    return refused('File extension not allowed', extension, undefined);
  }

  #contents({ result }: Pick<ResourcePostFetch | ToolPostInvoke, 'result'>): Refusal {
    for (const block of blocksOf(result)) {
      const refusal = this.#block(block);
      if (refusal) return refusal;
    }
    return undefined;
  }

  #block(block: Block): Refusal {
    const { uri, text, blob, data } = block;
    const encoded = [blob, data].find((value) => typeof value === 'string');
    // What a tool or a prompt says is no file.
    if (encoded === undefined && typeof uri !== 'string') return undefined;
    const named = typeof uri === 'string' ? this.#name(uri) : undefined;
    if (named) return named;
    const sniffed = encoded === undefined ? undefined : sniffType(headOf(encoded));
    const declared = mediaTypeOf(block) ?? sniffed ?? unsaid(encoded, text);
    // A link whose type nobody tells is judged when it is followed.
    if (this.#types.length === 0 || declared === undefined) return undefined;
    if (!this.#allows(declared)) return refused('File type not allowed', undefined, declared);
    // Bytes of another allowed type do no harm under this name; any other type does.
    const fits = sniffed === undefined || mayBeCalled(sniffed, declared);
    return fits || (this.#allows(sniffed) && !declared.startsWith('text/'))
      ? undefined
      : refused('File content is of another type', undefined, declared, sniffed);
  }

  #allows(type: string): boolean {
    return this.#types.some((pattern) => fitsPattern(pattern, type));
  }
}

const unsaid = (encoded: string | undefined, text: unknown): string | undefined =>
  encoded !== undefined ? 'application/octet-stream' : typeof text === 'string' ? 'text/plain' : undefined;

/** What looks like an extension or a type is told; anything else was made up by the caller, or the upstream. */
const refused = (description: string, extension?: string, declared?: string, sniffed?: string): Refusal => ({
  violation: {
    reason: 'File type not allowed',
    description,
    code: 'FILETYPE_BLOCK',
    details: {
      ...(extension && /^\.[a-z0-9]{1,10}$/.test(extension) && { extension }),
      ...(declared && /^[a-z]{1,20}\/[\w.+-]{1,80}$/.test(declared) && { mime_type: declared }),
      ...(sniffed && { content_type: sniffed }),
    },
  },
});

/** Where a host comes first; of schemes that servers make up, what comes first may well be the name. */
const AUTHORITY = /^(?:(?:https?|ftps?|wss?|file):\/\/[^/]*|[a-z][a-z0-9+.-]*:\/{0,2})/i;

/** Of the last part of the path, without what clients pass over; undefined where there is none. */
function extensionOf(uri: string): string | undefined {
  const path = decoded((uri.split(/[?#]/, 1)[0] ?? '').replace(AUTHORITY, ''));
  const name =
    path
      .split(/[/\\]/)
      .at(-1)
      ?.split(/[;\0]/, 1)[0]
      ?.replace(/[.\s]+$/, '') ?? '';
  const at = name.lastIndexOf('.');
  return at < 0 ? undefined : name.slice(at).toLowerCase();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

export const fileTypeAllowlist: PluginDefinition<FileTypeAllowlistSettings> = {
  name: 'file_type_allowlist',
  kinds: ['plugins.file_type_allowlist.file_type_allowlist.FileTypeAllowlistPlugin'],
  description: 'Lets through allowed types of files alone: by name, by declared type and by content.',
  hooks: ['resource_pre_fetch', 'resource_post_fetch'],
  optionalHooks: ['tool_post_invoke', 'prompt_post_fetch'],
  settings: FileTypeAllowlistSettings,
  priority: 65,
  security: true,
  create: (settings) => new FileTypeAllowlist(settings),
};
