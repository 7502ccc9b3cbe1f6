/** Verifies a response and what is wrong with another; whatever it prints, it prints by accident. */
import { accepted, ask, idp, refused, spKey, verify } from "./parties.ts";

const attributes = { secret: "attribute-value" };
const options = { ...ask, attributes, sign: "both", encryptTo: spKey.certificate } as const;
const { xml } = idp.respond(options);
accepted(await verify(xml));
accepted(await verify(idp.respond({ ...ask, attributes }).xml));
refused(
  await verify(
    xml
      .replace("<xenc:CipherValue>A", "<xenc:CipherValue>B")
      .replace("SignatureValue>", "SignatureValue>A"),
  ),
  "signature-structure-invalid",
);
refused(
  await verify(idp.respond({ ...options, audience: "https://other.example" }).xml),
  "audience-mismatch",
);
