/** What names that people read as one have in common: `read_fi1e`, `Read-File` and `read.file`. */
export const nameSkeleton = (name: string): string =>
  name
    .replaceAll(/[iI1|]/g, 'l')
    .replaceAll('0', 'o')
    .toLowerCase()
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/[._/-]+/g, '_');
