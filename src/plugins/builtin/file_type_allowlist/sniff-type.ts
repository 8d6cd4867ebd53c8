interface Signature {
  readonly type: string;
  readonly at?: number;
  /** In hex. */
  readonly bytes: string;
}

/** How files begin. Those that run something come first. */
const SIGNATURES: readonly Signature[] = [
  { type: 'application/x-msdownload', bytes: '4d5a' },
  { type: 'application/x-elf', bytes: '7f454c46' },
  { type: 'application/x-mach-binary', bytes: 'feedface' },
  { type: 'application/x-mach-binary', bytes: 'feedfacf' },
  { type: 'application/x-mach-binary', bytes: 'cefaedfe' },
  { type: 'application/x-mach-binary', bytes: 'cffaedfe' },
  { type: 'application/java-vm', bytes: 'cafebabe' },
  { type: 'application/wasm', bytes: '0061736d' },
  { type: 'application/vnd.android.dex', bytes: '6465780a' },
  { type: 'application/x-ms-shortcut', bytes: '4c0000000114020000000000c000000000000046' },
  { type: 'text/x-shellscript', bytes: '2321' },
  { type: 'application/x-ole-storage', bytes: 'd0cf11e0a1b11ae1' },
  { type: 'application/zip', bytes: '504b0304' },
  { type: 'application/zip', bytes: '504b0506' },
  { type: 'application/vnd.rar', bytes: '526172211a07' },
  { type: 'application/x-7z-compressed', bytes: '377abcaf271c' },
  { type: 'application/gzip', bytes: '1f8b' },
  { type: 'application/x-bzip2', bytes: '425a68' },
  { type: 'application/x-xz', bytes: 'fd377a585a00' },
  { type: 'application/zstd', bytes: '28b52ffd' },
  { type: 'application/x-iso9660-image', at: 0x8001, bytes: '4344303031' },
  { type: 'application/x-tar', at: 257, bytes: '7573746172' },
  { type: 'application/rtf', bytes: '7b5c727466' },
  { type: 'application/pdf', bytes: '255044462d' },
  { type: 'image/png', bytes: '89504e470d0a1a0a' },
  { type: 'image/jpeg', bytes: 'ffd8ff' },
  { type: 'image/gif', bytes: '47494638' },
  { type: 'image/bmp', bytes: '424d' },
  { type: 'image/tiff', bytes: '49492a00' },
  { type: 'image/tiff', bytes: '4d4d002a' },
  { type: 'image/webp', at: 8, bytes: '57454250' },
  { type: 'audio/wav', at: 8, bytes: '57415645' },
  { type: 'audio/mpeg', bytes: '494433' },
  { type: 'audio/ogg', bytes: '4f676753' },
  { type: 'audio/flac', bytes: '664c6143' },
  { type: 'video/mp4', at: 4, bytes: '66747970' },
  { type: 'video/webm', bytes: '1a45dfa3' },
];
const BYTES = SIGNATURES.map(({ type, at = 0, bytes }) => ({ type, at, bytes: Buffer.from(bytes, 'hex') }));
/** Two letters begin many a text. */
const SHORT = 3;
const HTML = /^\s*<(?:!doctype\s+html|html|head|body|script|iframe|svg)[\s>/]/i;
const HEAD = 0x8010;

/** What bytes are by how they begin; undefined where that says nothing. */
export function sniffType(bytes: Buffer): string | undefined {
  const text = plainText(bytes);
  const found = BYTES.find(
    ({ at, bytes: sign }) =>
      bytes.subarray(at, at + sign.length).equals(sign) && (sign.length >= SHORT || text === undefined || at > 0),
  );
  if (found) return found.type;
  if (text === undefined) return undefined;
  if (text.startsWith('#!')) return 'text/x-shellscript';
  return HTML.test(text) ? 'text/html' : undefined;
}

/** Of base64, no more is decoded than is looked at. */
export const headOf = (encoded: string): Buffer => Buffer.from(encoded.slice(0, Math.ceil((HEAD * 4) / 3)), 'base64');

function plainText(bytes: Buffer): string | undefined {
  const text = bytes.subarray(0, 1024).toString('utf8');
  return /[^\P{Control}\t\n\r\f]/u.test(text) ? undefined : text.replace(/^\uFEFF/, '');
}

/** Types that hold files of their own in the outer form of another. */
const CONTAINERS: ReadonlyMap<string, RegExp> = new Map([
  [
    'application/zip',
    /^application\/(?:.*zip.*|java-archive|epub\+zip|vnd\.(?:openxmlformats|oasis|android|google-earth).*)$/,
  ],
  ['application/x-ole-storage', /^application\/(?:msword|vnd\.(?:ms-|visio).*|x-msi)$/],
  ['application/x-msdownload', /^application\/(?:.*dosexec|.*portable-executable|octet-stream)$/],
  ['video/mp4', /^(?:video|audio|image)\/(?:mp4|quicktime|x-m4[av]|m4a|3gpp2?|heic|heif|avif)$/],
  ['video/webm', /^(?:video|audio)\/(?:webm|x-matroska)$/],
  ['audio/ogg', /^(?:video|audio|application)\/(?:ogg|opus)$/],
  ['application/gzip', /^application\/(?:x-gzip|x-tgz|x-compressed-tar)$/],
  ['text/html', /^(?:application\/xhtml\+xml|image\/svg\+xml|text\/.*|application\/.*xml)$/],
  ['text/x-shellscript', /^(?:text\/.*|application\/(?:x-sh|x-shellscript|javascript|x-python.*|x-perl))$/],
  ['audio/wav', /^audio\/(?:x-wav|wave|vnd\.wave)$/],
  ['application/rtf', /^text\/rtf$/],
]);

/** Whether bytes of that type may be called so. */
export const mayBeCalled = (sniffed: string, declared: string): boolean =>
  sniffed === declared || (CONTAINERS.get(sniffed)?.test(declared) ?? false);
