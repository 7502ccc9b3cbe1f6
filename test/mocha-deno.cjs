/** What runs on Deno: whatever meets a runtime. Left to Node is what does not differ. */
module.exports = {
  ...require("../.mocharc.json"),
  ignore: [
    "test/{architecture,docs,packaging}/**", // the repository itself
    "test/{browser,upgrade}/**", // start Node, or Chromium
    "test/examples/{guides,demo-administration,demo-connections,demo-enforcement,demo-rules}.test.ts",
    "test/plugin/start.test.ts", // starts both
    "test/{drivers,galera,races}/**", // have runs of their own
    "test/guarantees/killed-*",
    "test/fuzz/**", // pure code in the same V8, at length
    "test/adapters/saml2-js/xml/**", // the same, against tools
    "test/attacks/{growth,growth-logout,legitimate-xmlsec1,strengths}.test.ts",
    "test/domain/*-invariants.test.ts",
  ],
  spec: "test/**/*.test.ts",
};
