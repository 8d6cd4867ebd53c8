import { realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { readSmallFile } from '../../backends/read-small-file.js';
import { StoreError } from '../../backends/store-error.js';
import { fieldOf } from '../field-of.js';
import { segmentsOf } from '../parse-reference.js';
import { SecretSource } from '../secret-source.js';

/** `file:///<path>#<field>`: a file below SECRET_REFERENCES_FOLDER, without the white space around its text. */
export class MountedSecrets extends SecretSource {
  readonly scheme = 'file:';

  constructor(private readonly folder: string | undefined) {
    super();
  }

  async read(reference: URL): Promise<string> {
    if (this.folder === undefined || reference.hostname !== '')
      throw new StoreError('misconfigured', 'A reference to a file is file:///path, below SECRET_REFERENCES_FOLDER');
    // Kubernetes swaps what it mounts by links, which may lead about within the folder.
    const root = await real(this.folder);
    const path = await real(join(root, ...segmentsOf(reference)));
    if (!path.startsWith(root + sep))
      throw new StoreError('misconfigured', 'A reference leads out of SECRET_REFERENCES_FOLDER');
    return fieldOf(await readSmallFile(path, 'A reference'), reference);
  }
}

async function real(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    throw new StoreError('missing', 'A reference names a file that is not in SECRET_REFERENCES_FOLDER');
  }
}
