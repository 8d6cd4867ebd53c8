import { Injectable } from '@nestjs/common';

/** The OpenAPI description of this application, made when somebody first asks for it. */
@Injectable()
export class ApiDescription {
  /** Set when the application is assembled: only then its routes are known. */
  describe: () => object = () => ({});
  #json: Buffer | undefined;

  get json(): Buffer {
    return (this.#json ??= Buffer.from(JSON.stringify(this.describe())));
  }
}
