import { TestSignInCreated, TestSignInResponse } from "../../openapi/test-sign-in-operations.ts";
import type { TestSignInRead } from "../../src/application/test-sign-in/read-test-sign-in.ts";
import type { OneConnectionSettings } from "../../src/domain/one-connection.ts";
import {
  makeSigningIdp,
  type ResponseOptions,
  type SigningIdp,
} from "../../src/testing/signing-idp.ts";
import { requestIdIn } from "./arrivals.ts";
import { type Browser, makeBrowser } from "./browser.ts";
import { openSettings, type TestHost } from "./host.ts";

/** What an answer is made of. */
export type AnswerOptions = Partial<ResponseOptions>;

/** A test sign-in that was sent to the identity provider. */
export interface StartedTest {
  readonly id: string;
  readonly browser: Browser;
  readonly inResponseTo: string;
}

/** Whether a browser was told that a test, and no sign-in, is done. */
export function isTestDone(response: Response, id: string): boolean {
  const location = response.headers.get("location") ?? "";
  return response.status === 303 && location.endsWith(`/settings/test-sign-ins/${id}/result`);
}

/** What an administrator does to test settings. */
export interface Tester {
  /** The identity provider of the drafts; not the one that is saved. */
  readonly idp: SigningIdp;
  /** Settings with that identity provider. */
  draft(changes?: Partial<OneConnectionSettings>): OneConnectionSettings;
  /** The raw answer to a draft. */
  post(settings: unknown): Promise<Response>;
  /** Keeps a draft; its test's ID. */
  begin(settings?: OneConnectionSettings): Promise<string>;
  /** Follows the link of a test. */
  start(id: string, browser?: Browser): Promise<Response>;
  /** Keeps a draft and follows its link. */
  begun(settings?: OneConnectionSettings): Promise<StartedTest>;
  /** The form with which an identity provider answers. */
  form(inResponseTo: string | undefined, options?: AnswerOptions, by?: SigningIdp): Form;
  /** Brings an answer. */
  arrive(browser: Browser, form: Form): Promise<Response>;
  /** Sends the answer of somebody, with the test's own browser. */
  answer(test: StartedTest, options?: AnswerOptions, by?: SigningIdp): Promise<Response>;
  /** What came of it. */
  read(id: string): Promise<TestSignInRead>;
}

type Form = Record<string, string>;

const EMAIL = "ada@customer.example";

// One key for all: making keys takes long.
let key: SigningIdp["key"] | undefined;

/** An administrator of `host`, at `base`. */
export function makeTester(host: TestHost, base: string = `${host.baseUrl}/saml`): Tester {
  key ??= makeSigningIdp().key;
  const idp = makeSigningIdp({
    entityId: "https://draft-idp.example/metadata",
    clock: host.clock,
    key,
  });
  const tests = `${base}/settings/test-sign-ins`;
  const post = (settings: unknown) =>
    fetch(tests, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ settings }),
    });
  const tester: Tester = {
    idp,
    draft: (changes = {}) => openSettings(host, { connection: idp.connection(), ...changes }),
    post,
    begin: async (settings = tester.draft()) => {
      const response = await post(settings);
      const body = (await response.json()) as { id: string };
      if (response.status !== 201) throw new Error(JSON.stringify(body));
      TestSignInCreated.parse(body);
      return body.id;
    },
    start: (id, browser = makeBrowser()) => browser.get(`${tests}/${id}/start`),
    begun: async (settings) => {
      const id = await tester.begin(settings);
      const browser = makeBrowser();
      return { id, browser, inResponseTo: requestIdIn(await tester.start(id, browser)) };
    },
    form: (inResponseTo, options = {}, by = idp) => ({
      ...by.form({
        acsUrl: `${base}/acs`,
        audience: `${base}/metadata`,
        email: EMAIL,
        ...(inResponseTo === undefined ? {} : { inResponseTo }),
        ...options,
      }),
    }),
    arrive: (browser, form) => browser.post(`${base}/acs`, form),
    answer: ({ browser, inResponseTo }, options, by) =>
      tester.arrive(browser, tester.form(inResponseTo, options, by)),
    read: async (id) => {
      const response = await fetch(`${tests}/${id}`);
      const body: unknown = await response.json();
      if (response.status !== 200) throw new Error(JSON.stringify(body));
      TestSignInResponse.parse(body);
      return body as TestSignInRead;
    },
  };
  return tester;
}
