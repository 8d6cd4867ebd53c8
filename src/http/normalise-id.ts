/** A UUID with or without hyphens, in any case, as it is stored: 32 lower-case hex digits. Other text stays as it is. */
export function normaliseId(id: string): string {
  if (id.length === 32 && STORED.test(id)) return id;
  const bare = id.replaceAll('-', '').toLowerCase();
  return STORED.test(bare) ? bare : id;
}

const STORED = /^[0-9a-f]{32}$/;
