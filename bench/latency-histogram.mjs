/** Counts of latencies in buckets that grow with the value: exact below 128 µs, within 1.6 % above, up to 35 minutes. */
export class LatencyHistogram {
  #counts = new Uint32Array(128 + 24 * 64);
  #total = 0;

  /** @param {number} microseconds */
  record(microseconds) {
    this.#counts[bucketOf(Math.round(microseconds))]++;
    this.#total++;
  }

  get total() {
    return this.#total;
  }

  /**
   * The smallest latency that so many percent of all do not exceed.
   * @param {number} percent
   * @returns {number} milliseconds; 0 when nothing was recorded
   */
  percentile(percent) {
    const wanted = Math.ceil((this.#total * percent) / 100);
    let seen = 0;
    for (let bucket = 0; bucket < this.#counts.length; bucket++) {
      seen += this.#counts[bucket];
      if (seen >= wanted && seen > 0) return middleOf(bucket) / 1000;
    }
    return 0;
  }
}

function bucketOf(microseconds) {
  if (microseconds < 128) return microseconds;
  const exponent = Math.min(31 - Math.clz32(microseconds), 30);
  return 128 + (exponent - 7) * 64 + ((microseconds >> (exponent - 6)) & 63);
}

function middleOf(bucket) {
  if (bucket < 128) return bucket;
  const exponent = Math.floor((bucket - 128) / 64) + 7;
  const step = 2 ** (exponent - 6);
  return 2 ** exponent + ((bucket - 128) % 64) * step + step / 2;
}
