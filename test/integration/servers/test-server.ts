/** A database server that the tests may fill as they like. */
export interface TestServer {
  /** With the rights to create databases; ends in the name of one that exists. */
  readonly url: string;
  /** Path of the authority of its certificate, which is for `localhost`; undefined without TLS. */
  readonly ca: string | undefined;
  stop(): Promise<void>;
}
