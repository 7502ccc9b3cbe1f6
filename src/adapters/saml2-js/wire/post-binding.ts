import type { BrowserMessage } from "../../../ports/identity-port.ts";
import type { ServiceProviderKey } from "../crypto/decrypt.ts";
import { signedElement } from "../crypto/sign-xml.ts";
import type { XmlElement } from "../xml/tree.ts";
import { writeXml } from "../xml/write-xml.ts";
import type { MessageParameter } from "./redirect-binding.ts";

/**
 * Form with a message to `endpoint` (bindings section 3.5.4).
 *
 * @param key signs the message; absent for an unsigned one.
 */
export function postForm(
  endpoint: string,
  {
    parameter,
    message,
    relayState,
  }: {
    readonly parameter: MessageParameter;
    readonly message: XmlElement;
    readonly relayState?: string;
  },
  key: ServiceProviderKey | undefined,
): BrowserMessage {
  const xml = writeXml(key === undefined ? message : signedElement(message, key));
  return {
    binding: "post",
    url: endpoint,
    fields: {
      [parameter]: Buffer.from(xml, "utf8").toString("base64"),
      ...(relayState === undefined || relayState === "" ? {} : { RelayState: relayState }),
    },
  };
}
