export class DisconnectedDto {
  success: true;
  /** Whether the authorization server was told. */
  revoked: boolean;
  message: string;
}
