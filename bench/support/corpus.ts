import { idp, usual } from "./parties.ts";

/** Whose responses to make. */
export interface Addressee {
  readonly acsUrl: string;
  readonly audience: string;
}

/** Signed responses, as the bodies of form posts: a fresh assertion each, ten attributes, 8 kB. */
export function signedBodies(
  { acsUrl, audience }: Addressee,
  emails: readonly string[],
): readonly string[] {
  return emails.map((email) => {
    const { email: _, ...attributes } = { ...usual.attributes };
    const form = idp.form({
      ...usual,
      acsUrl,
      audience,
      email,
      attributes: { ...attributes, email, displayName: `Person ${email.split("@")[0]}` },
    });
    return new URLSearchParams({ ...form }).toString();
  });
}

/** Addresses that nobody had before: `about` keeps those of several runs apart. */
export function freshEmails(about: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${about}-${index}@customer.example`);
}
