/** The schema of the database does not fit this build. Serving would be unsafe, so the start ends. */
export class SchemaError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SchemaError';
  }
}
