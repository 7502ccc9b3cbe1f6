import { expect } from "chai";
import { describe, it } from "mocha";
import { accepted, ask, idp, makeIdentity, spKey, verify } from "./support/parties.ts";

/** Characters that readers of XML 1.0 and 1.1 take for line ends, or for white space, or for neither. */
const TEXTS: Readonly<Record<string, string>> = {
  "next line": "a\u0085b",
  "line separator": "a\u2028b",
  "next line at the end": "ab\u0085",
  "line separator at the start": "\u2028ab",
  "paragraph separator": "a\u2029b",
  "both, side by side": "a\u0085\u2028b",
  "a carriage return": "a\rb",
  "a carriage return and a next line": "a\r\u0085b",
  "a carriage return and a line feed": "a\r\nb",
  "a line feed": "a\nb",
  "a tab": "a\tb",
  "a no-break space": "a\u00a0b",
};
const PLACES = {
  SessionIndex: (text: string) => ({ sessionIndex: text }),
  "the name of an attribute": (text: string) => ({ attributes: { [text]: "x" } }),
  "the value of an attribute": (text: string) => ({ attributes: { note: text } }),
  "a list of values": (text: string) => ({ attributes: { note: [text, "x"] } }),
  NameID: (text: string) => ({
    nameId: text,
    nameIdFormat: "urn:x",
    attributes: { mail: ask.email },
  }),
  "a nameidentifier claim": (text: string) => ({
    attributes: {
      "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier": text,
    },
  }),
} as const;

describe("characters that another reader takes for line ends", () => {
  for (const [place, options] of Object.entries(PLACES)) {
    for (const [what, text] of Object.entries(TEXTS)) {
      it(`raise no alarm: ${what} in ${place}`, async () => {
        const { identity, logged } = makeIdentity();
        for (const digest of ["sha256", "sha384"] as const) {
          for (const sign of ["assertion", "response"] as const) {
            for (const encryptTo of [undefined, spKey.certificate]) {
              const { xml } = idp.respond({
                ...ask,
                ...options(text),
                sign,
                signature: { digest },
                ...(encryptTo === undefined ? {} : { encryptTo }),
              });
              accepted(await verify(xml, { identity }));
            }
          }
        }
        expect(logged).to.deep.equal([]);
      });
    }
  }
});
