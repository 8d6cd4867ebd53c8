// What a browser would run or load if somebody showed the text unescaped. Ordinary text names such things too ("takes an
// <object>", "JavaScript: an expression"), so a tag that only does harm with attributes is refused only with one.

const TAG = /<\/?(script|iframe|frame|frameset|style|applet|portal)(?![\w-])/i;
const TAG_WITH_ATTRIBUTE =
  /<(img|image|svg|object|embed|link|meta|base|form|input|button|video|audio|source|math|isindex)[\s/]+[a-z-]+\s*=/i;
/** A tag that loads nothing, in the forms that stand in texts as a test of the reader. */
const BARE_VECTOR = /<(svg|math|embed|base|meta)\s*\//i;
/** How the names of the event handlers begin; after `on`. */
const EVENT =
  'on(?:abort|after|animation|auxclick|before|begin|blur|bounce|cancel|canplay|change|click|close|context|copy|cue|cut|' +
  'dblclick|drag|drop|duration|emptied|end|error|finish|focus|form|fullscreen|gotpointer|hashchange|input|invalid|' +
  'key|load|lostpointer|message|mouse|offline|online|open|page|paste|pause|play|pointer|popstate|progress|rate|' +
  'readystate|repeat|reset|resize|scroll|search|seek|select|show|slotchange|stalled|start|storage|submit|suspend|' +
  'time|toggle|touch|transition|unhandled|unload|volume|waiting|webkit|wheel)[a-z]{0,20}\\s*=';
const HANDLER_IN_TAG = new RegExp(`[\\s"'/]${EVENT}`, 'i');
const HANDLER_AFTER_QUOTE = new RegExp(`["'][\\s/]*${EVENT}`, 'i');
const OPENS_TAG = /^<[a-z/]/i;
/** Browsers read over line breaks and tabs within the name of a scheme. */
const SCRIPT_SCHEME = ['javascript', 'vbscript'].map((word) => word.split('').join('[\\t\\r\\n]{0,3}')).join('|');
/** As an address: with something right behind it, or where an address begins. */
const SCRIPT_URL = new RegExp(`(?<![\\w-])(?:(?:${SCRIPT_SCHEME}):[^\\s]|(?<=[=("'<[]\\s?)(?:${SCRIPT_SCHEME}):)`, 'i');
const SCRIPT_DATA = /(?<![\w-])data:[a-z]{1,20}\/[a-z0-9.+-]{0,30}(?:html|svg|xml|script)/i;

/**
 * The dangerous markup that a text holds, completing "it …"; undefined for all that ordinary text and Markdown are made
 * of: `<`, `>`, `&`, quotes, backticks. Linear time.
 */
export function markupFault(text: string): string | undefined {
  const tag = (TAG.exec(text) ?? TAG_WITH_ATTRIBUTE.exec(text) ?? BARE_VECTOR.exec(text))?.[1];
  if (tag !== undefined) return `holds a <${tag.toLowerCase()}> tag`;
  if (HANDLER_AFTER_QUOTE.test(text) || hasHandler(text)) return 'holds an HTML event handler (on…=)';
  if (SCRIPT_URL.test(text)) return 'holds a javascript: or vbscript: address';
  return SCRIPT_DATA.test(text) ? 'holds a data: address with script' : undefined;
}

/** A quoted `>` does not end a tag, so each is read up to the next `<`. */
function hasHandler(text: string): boolean {
  for (let at = text.indexOf('<'); at !== -1;) {
    const next = text.indexOf('<', at + 1);
    const tag = text.slice(at, next === -1 ? undefined : next);
    if (OPENS_TAG.test(tag) && HANDLER_IN_TAG.test(tag)) return true;
    at = next;
  }
  return false;
}
