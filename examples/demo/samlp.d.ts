/** What the demo uses of samlp, which ships no types. */
declare module "samlp" {
  interface SamlRequest {
    readonly id?: string;
    readonly issuer?: string;
    readonly assertionConsumerServiceURL?: string;
  }

  type Mapper<User> = (user: User) => {
    getClaims(): Readonly<Record<string, string | readonly string[]>>;
    getNameIdentifier(): {
      readonly nameIdentifier: string;
      readonly nameIdentifierFormat: string;
    };
  };

  interface MetadataRequest {
    readonly headers: Readonly<Record<string, string>>;
    readonly protocol: string;
  }

  interface MetadataResponse {
    set(name: string, value: string): void;
    send(body: string): void;
  }

  const samlp: {
    parseRequest(
      req: { readonly query: Readonly<Record<string, string>> },
      callback: (error: unknown, request?: SamlRequest) => void,
    ): void;
    getSamlResponse<User>(
      options: {
        readonly issuer: string;
        readonly cert: string;
        readonly key: string;
        readonly audience: string;
        readonly recipient: string;
        readonly destination: string;
        readonly inResponseTo?: string;
        readonly sessionIndex: string;
        readonly lifetimeInSeconds: number;
        readonly signatureAlgorithm: "rsa-sha256";
        readonly digestAlgorithm: "sha256";
        readonly profileMapper: Mapper<User>;
      },
      user: User,
      callback: (error: unknown, xml?: string) => void,
    ): void;
    metadata(options: {
      readonly issuer: string;
      readonly cert: string;
      readonly profileMapper: unknown;
      readonly redirectEndpointPath: string;
      readonly postEndpointPath: string;
      readonly logoutEndpointPaths: Readonly<Record<string, string>>;
    }): (req: MetadataRequest, res: MetadataResponse) => void;
  };
  // biome-ignore lint/style/noDefaultExport: that is how a CommonJS module arrives
  export default samlp;
}
