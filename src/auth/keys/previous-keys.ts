import { list, type Setting } from '../../config/setting.js';
import { JWT_ALGORITHMS, type JwtAlgorithm } from './jwt-algorithm.js';

/** A key that signed until it was retired, as a setting names it. */
export interface PreviousKey {
  /** That of JWT_ALGORITHM when absent. */
  readonly algorithm?: JwtAlgorithm;
  /** A secret, or the path of a file. */
  readonly key: string;
  /** Epoch ms. */
  readonly retiredAt: number;
}

const MOST = 8;
const ENTRY = /^(?:(?<algorithm>[A-Za-z]{2,5}\d{0,3}):)?(?<key>.+)@(?<instant>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z)$/s;

/** A list of `[ALGORITHM:]key@instant`; as a secret it never prints, and no fault repeats an entry. */
export function previousKeys(
  env: string,
  doc: string,
  kind: { readonly secret: boolean },
): Setting<readonly PreviousKey[]> {
  const texts = list(env, [], doc);
  const read = (value: string): readonly PreviousKey[] => {
    const entries = texts.read(value);
    if (entries.length > MOST) throw new Error(`has more than ${MOST} entries`);
    return entries.map((entry, index) => previousKey(entry, index + 1));
  };
  return { ...texts, type: 'list of [ALGORITHM:]key@instant', fallback: [], secret: kind.secret, read };
}

function previousKey(entry: string, position: number): PreviousKey {
  const { algorithm: prefix, key = '', instant = '' } = ENTRY.exec(entry)?.groups ?? {};
  const retiredAt = Date.parse(instant);
  if (Number.isNaN(retiredAt))
    throw new Error(`must say in entry ${position} when the key was retired, as in key@2026-07-01T12:00:00Z`);
  const algorithm = JWT_ALGORITHMS.find((name) => name === prefix);
  // What only looks like a prefix, such as a drive letter, belongs to the key.
  if (algorithm) return { algorithm, key, retiredAt };
  return { key: prefix === undefined ? key : `${prefix}:${key}`, retiredAt };
}
