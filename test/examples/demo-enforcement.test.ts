import { expect } from "chai";
import { describe, it } from "mocha";
import { listensAt, runDemo, runningDemo } from "./support/demo-process.ts";

describe("the demo: passwords beside single sign-on", () => {
  const demo = runningDemo({
    ALLOWED_EMAIL_DOMAINS: "demo.example",
    VERIFIED_DOMAINS: "demo.example, customer.example",
    SSO_ENFORCED: "true",
    SSO_EXEMPT: "admin@demo.example",
  });

  const password = async (email: string, given = "demo") => {
    const response = await fetch(`${listensAt(demo)}/demo/password`, {
      method: "POST",
      body: new URLSearchParams({ email, password: given }),
      redirect: "manual",
    });
    return { status: response.status, text: await response.text() };
  };

  it("lets exempt users in, and others where it is not enforced", async () => {
    expect((await password("admin@demo.example")).status).to.equal(303);
    expect((await password("Admin@Demo.example")).status).to.equal(303);
    expect((await password("nobody@elsewhere.example")).status).to.equal(401);
  });

  it("leads everybody else to single sign-on", async () => {
    const { status, text } = await password("active@demo.example");
    expect(status).to.equal(403);
    expect(text).to.include("/saml/login?email=active%40demo.example");
  });

  it("asks for nothing before the password is right", async () => {
    expect((await password("admin@demo.example", "wrong")).status).to.equal(401);
    expect((await password("active@demo.example", "wrong")).status).to.equal(401);
  });

  it("does not start with nobody exempt, or a domain that is not proven", async () => {
    const DATABASE_URL = `sqlite:${demo.folder}/other.sqlite`;
    const unexempt = await runDemo({ DATABASE_URL, SSO_ENFORCED: "true" });
    expect(unexempt.output).to.include("enforcement.exempt");
    const unproven = await runDemo({
      DATABASE_URL,
      ALLOWED_EMAIL_DOMAINS: "demo.example",
      VERIFIED_DOMAINS: "other.example",
    });
    expect(unproven.output).to.include("demo.example");
    expect((await runDemo({ SSO_ENFORCED: "maybe" })).output).to.include("SSO_ENFORCED");
  });
});
