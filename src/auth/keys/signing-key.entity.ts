import { Entity, Unique } from 'typeorm';
import {
  IdColumn,
  InstantColumn,
  LongTextColumn,
  NumberColumn,
  SealedColumn,
  TextColumn,
} from '../../database/columns.js';
import type { JwtAlgorithm } from './jwt-algorithm.js';

/** A key of tokens that is kept here instead of in the settings. */
@Entity('jwt_keys')
@Unique('uq_jwt_keys_generation', ['generation'])
@Unique('uq_jwt_keys_kid', ['kid'])
export class SigningKeyRow {
  @IdColumn() id: string;
  @TextColumn('kid', 64) kid: string;
  /** 1, 2, 3 …; the highest that signs already is the one that signs. */
  @NumberColumn('generation') generation: number;
  @TextColumn('algorithm', 8) algorithm: JwtAlgorithm;
  /** SPKI in PEM; null for a secret. */
  @LongTextColumn('public_key', { nullable: true }) publicKey: string | null;
  /** PKCS #8 in PEM, or a secret in base64url; null for a remote key, and once it is erased. */
  @SealedColumn('private_key', { nullable: true }) privateKey: string | null;
  /** Of a remote key, which of the remote signers has it. */
  @TextColumn('signer', 32, { nullable: true }) signer: string | null;
  @TextColumn('reference', 512, { nullable: true }) reference: string | null;
  @InstantColumn('created_at') createdAt: Date;
  /** When it begins to sign, and the one before it is retired. */
  @InstantColumn('signs_from') signsFrom: Date;
}
