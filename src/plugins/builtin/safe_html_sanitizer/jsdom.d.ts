/** What is used of jsdom: its own types would bring the types of a browser into the whole project. */
declare module 'jsdom' {
  export class JSDOM {
    constructor(html?: string, options?: { readonly contentType?: string });
    /** The global object of a page, with its DOM. */
    readonly window: {
      close(): void;
      readonly document: { querySelector(selector: string): { readonly textContent: string | null } | null };
    };
  }
}
