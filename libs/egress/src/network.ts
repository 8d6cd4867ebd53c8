import { isIP } from 'node:net';
import { type Address, parseAddress } from './parse-address.js';

/** A CIDR network; a single address is a network of one. */
export class Network {
  readonly #base: Address;
  readonly #bits: number;

  private constructor(
    readonly text: string,
    base: Address,
    bits: number,
  ) {
    this.#base = base;
    this.#bits = bits;
  }

  /** Throws an Error that names the text when it is no network, or has bits set beyond its prefix. */
  static parse(this: void, text: string): Network {
    const [ip = '', prefix, ...rest] = text.split('/');
    const address = parseAddress(ip);
    const full = isIP(ip) === 4 ? 32 : 128;
    const bits = prefix === undefined ? full : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
    if (!address || rest.length > 0 || !(bits <= full)) {
      throw new Error(`"${text}" is neither an IP address nor a CIDR network`);
    }
    // IPv4-mapped addresses are judged as IPv4, so that a rule for their IPv6 form would silently do nothing.
    const bytes = address.toByteArray();
    if (bytes.length * 8 !== full) throw new Error(`"${text}" must be written as IPv4`);
    const beyond = (at: number): number => 0xff >> Math.min(Math.max(bits - at * 8, 0), 8);
    if (bytes.some((byte, at) => (byte & beyond(at)) !== 0)) throw new Error(`"${text}" has bits beyond its prefix`);
    return new Network(text, address, bits);
  }

  contains(address: Address): boolean {
    return address.kind() === this.#base.kind() && address.match(this.#base, this.#bits);
  }
}
