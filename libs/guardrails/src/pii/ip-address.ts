import type { Scan } from './scan.js';
import { isWordAt } from './scan.js';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`${OCTET}(?:\\.${OCTET}){3}(?!\\d)(?:/(?:3[0-2]|[12]?\\d)(?!\\d|\\.\\d))?`, 'g');
const ABOUT_IP =
  /\b(?:ip|ips|ipv4|ipv6|address|addr|host|hosts|server|subnet|network|gateway|client|route|router|dns|listen|bind|ping|unspecified|loopback|multicast|any)\b/;
/** What makes four numbers with dots a version, a clause or an object identifier. */
const ABOUT_VERSION =
  /(?:\b(?:v|ver|vers|version|versions|release|rel|build|rev|revision|firmware|driver|sdk|section|sec|chapter|clause|article|oid|patch|upgrade[sd]?|update[sd]?)\b[\s"':=(#-]{0,4}(?:to |from |is |v)?|[§^~]|[=><]=|\bv|[A-Z][A-Za-z]{2,20}\/)$/;
const PORT = /^:\d{2,5}(?!\d)/;
const HEX_COLON = Uint8Array.from({ length: 128 }, (_, code) =>
  /[0-9A-Fa-f:.]/.test(String.fromCharCode(code)) ? 1 : 0,
);
const ZONE = /(?:%[A-Za-z0-9_.-]{1,15})?(?:\/(?:12[0-8]|1[01]\d|\d\d?)(?!\d|\.\d))?/y;

/** IPv4 in dotted form, with or without a prefix length. */
export function findIpv4(scan: Scan, from: number, to: number): void {
  const { text } = scan;
  const stretch = text.slice(from, to);
  // Three dots, with something between them.
  const dot = stretch.indexOf('.');
  if (dot < 0 || stretch.indexOf('.', stretch.indexOf('.', dot + 1) + 1) <= dot + 1) return;
  for (const match of stretch.matchAll(IPV4)) {
    const start = from + match.index;
    const end = start + match[0].length;
    if (isWordAt(text, start - 1) || text[start - 1] === '-') continue;
    if (text[start - 1] === '.' && text[start - 2] !== '.') continue;
    if (isWordAt(text, end) || (text[end] === '-' && isWordAt(text, end + 1))) continue;
    const octets = match[0].split(/[./]/, 4).map(Number);
    // Five and more numbers are an object identifier or a telephone number, unless they begin like an address.
    if (text[end] === '.' && /\d/.test(text[end + 1] ?? '') && (octets[0]! < 10 || octets[1]! < 10)) continue;
    const before = text.slice(Math.max(0, start - 32), start);
    const about = ABOUT_IP.test(scan.before(start));
    if (!about && (ABOUT_VERSION.test(before) || ABOUT_VERSION.test(scan.before(start)))) continue;
    if (
      !about &&
      octets.every((octet) => octet < 10) &&
      !isResolver(octets) &&
      !PORT.test(scan.after(end)) &&
      !scan.alone(start, end)
    )
      continue;
    // Behind the name of a product low numbers are a version: `Kong 3.14.0.9`.
    if (!about && octets[0]! < 10 && octets.every((octet) => octet < 64) && /[A-Z][A-Za-z]+ $/.test(before)) continue;
    if (scan.free(start, end)) scan.add('ip_address', 'ipv4', start, end, about ? 1 : 0.9);
  }
}

const isResolver = (octets: readonly number[]): boolean =>
  /^(?:1,1,1,1|1,0,0,1|8,8,8,8|8,8,4,4|9,9,9,9)$/.test(octets.join());

/** IPv6 in every form of RFC 4291 section 2.2, with zone (RFC 4007) and prefix length, and hardware addresses. */
export function findIpv6(scan: Scan): void {
  const { text } = scan;
  for (let colon = text.indexOf(':'); colon >= 0 && !scan.full;) {
    let start = colon;
    while (start > 0 && colon - start < 45 && HEX_COLON[text.charCodeAt(start - 1)] === 1) start -= 1;
    let end = colon + 1;
    while (end < text.length && end - start < 64 && HEX_COLON[text.charCodeAt(end)] === 1) end += 1;
    const next = text.indexOf(':', end);
    // No address has a single colon.
    if (text.indexOf(':', start) < text.lastIndexOf(':', end - 1) && !hardware(scan, start, end))
      address(scan, start, end);
    colon = next;
  }
}

/** A hardware address in the form with colons; the broadcast address and zeros are nobody's. */
function hardware(scan: Scan, start: number, end: number): boolean {
  const { text } = scan;
  const stop = text[end - 1] === '.' || text[end - 1] === ':' ? end - 1 : end;
  const value = text.slice(start, stop);
  if (!/^(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/.test(value)) return false;
  if (!isWordAt(text, start - 1) && !isWordAt(text, stop) && !/^(?:ff:|00:){5}/i.test(value))
    scan.add('mac_address', 'mac', start, stop, 0.9);
  return true;
}

function address(scan: Scan, from: number, to: number): void {
  const { text } = scan;
  let start = from;
  let end = to;
  while (end > start && (text[end - 1] === '.' || (text[end - 1] === ':' && text[end - 2] !== ':'))) end -= 1;
  while (start < end && (text[start] === '.' || (text[start] === ':' && text[start + 1] !== ':'))) start += 1;
  // `Server:2001:db8::1`: a word and its colon stand in front.
  const glued = start > 0 && isWordAt(text, start - 1);
  if (glued) {
    const colon = text.indexOf(':', start);
    if (text[colon + 1] === ':' && !/^::ffff:\d/i.test(text.slice(colon, colon + 8))) return;
    start = text[colon + 1] === ':' ? colon : colon + 1;
  }
  const value = text.slice(start, end);
  if (isWordAt(text, end) || !isIpv6(value)) return;
  const near = `${scan.before(start)} ${scan.after(end)}`;
  const groups = value.split(/:+/).filter(Boolean).length;
  const about = /\b(?:ipv?6?|address|unspecified|loopback|multicast|route|listen|bind|subnet)\b/.test(near);
  const first = value.indexOf(':');
  const plain =
    groups >= 3 ||
    first === 4 ||
    (first === 0 && groups > 0 && !(text[start - 1] === '[' && isWordAt(text, start - 2)));
  ZONE.lastIndex = end;
  const stop = ZONE.test(text) ? ZONE.lastIndex : end;
  if (!about && !(plain && /\d/.test(value)) && !(stop > end && groups === 0)) return;
  scan.add('ip_address', 'ipv6', start, stop, about ? 1 : 0.9);
}

/** Whether a text is an address, all eight groups or `::` once, the last 32 bits dotted or not. */
export function isIpv6(value: string): boolean {
  const halves = value.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [place, part] of parts.entries()) {
      const last = index === halves.length - 1 && place === parts.length - 1;
      if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups += 1;
      else if (last && new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`).test(part)) groups += 2;
      else return false;
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}
