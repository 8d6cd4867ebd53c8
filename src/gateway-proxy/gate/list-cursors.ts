import { KeyRing, SealedHandles } from '#libs/sealing';
import { Injectable } from '@nestjs/common';
import { VaultSettings } from '../../vault/vault.settings.js';

/** Offsets into lists, sealed: any replica reads them, nobody makes them up. */
@Injectable()
export class ListCursors extends SealedHandles<number> {
  constructor(settings: VaultSettings) {
    super(KeyRing.fromSecret(settings.encryptionSecret.reveal(), 'list-cursors'));
  }
}
