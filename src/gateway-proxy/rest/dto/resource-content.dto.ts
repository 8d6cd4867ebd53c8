export class ResourceContentDto {
  type: 'resource';
  id: string;
  uri: string;
  mimeType: string | null;
  /** Either this or `blob`. */
  text?: string;
  /** Base64. */
  blob?: string;
}
