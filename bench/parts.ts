/** One of the benchmarks. */
export interface Part {
  readonly title: string;
  /** What is measured, and how to read it. */
  readonly about: string;
  /** What `--only` calls it. */
  readonly name: string;
  /** The script, in this folder. */
  readonly module: string;
  /** It measures the build. */
  readonly needsBuild?: true;
  /**
   * One run each, with arguments that make it short enough for all of them together; empty: it runs
   * only when it is named, with its own defaults.
   */
  readonly runs: readonly (readonly string[])[];
}

/** Every benchmark, in the order of the report. */
export const PARTS: readonly Part[] = [
  {
    title: "Validating a response",
    about:
      "Processor time as a ratio of plain saml2-js: median (best to worst) of interleaved rounds, a fresh response for every call.",
    name: "validate",
    module: "validate.ts",
    runs: [["--rounds", "5", "--calls", "20"]],
  },
  {
    title: "From the post to the session",
    about:
      "HTTP request to redirect: fresh signed assertions with ten attributes, sent by as many clients as stand in the title, each of which sends its next one as soon as it has an answer. Every contestant has a process and a database of its own and is warmed up; rounds are interleaved. Figures are medians of the rounds; where a spread stands it is that of the rounds. Whom each has stored afterwards is counted and must be right. Processor time is that of the contestant's process alone, without the database server's; on a machine that does other things, its ratio is steadier than that of what is done in a second. SQLite runs with a write-ahead log, synchronous NORMAL, for everybody.",
    name: "post",
    module: "post/post.ts",
    runs: [["--rounds", "5", "--ms", "600"]],
  },
  {
    title: "What SQLite's settings do",
    about:
      "First sign-ins, ours without a second reading, 32 at once, over files with different settings; in the last rows two processes share the file.",
    name: "sqlite",
    module: "post/sqlite.ts",
    runs: [["--rounds", "5"]],
  },
  {
    title: "Start and size",
    about:
      "Fresh processes; what the host has anyway is imported first. Node loads the build, Deno the sources.",
    name: "start",
    module: "start/start.ts",
    needsBuild: true,
    runs: [["--rounds", "7"]],
  },
  {
    title: "Growth: users",
    about: "The database's part of a sign-in, without HTTP and SAML, few users and many by turns.",
    name: "stores",
    module: "growth/stores.ts",
    runs: [
      ["--database", "SQLite"],
      ["--database", "PostgreSQL"],
    ],
  },
  {
    title: "Growth: tenants",
    about: "Over HTTP; verification included, which is most of a sign-in.",
    name: "growth",
    module: "growth/growth.ts",
    runs: [
      ["--database", "PostgreSQL", "--users", "100000", "--entries", "1"],
      ["--database", "PostgreSQL", "--users", "100000", "--entries", "1", "--tenants", "10000"],
    ],
  },
  {
    title: "Growth: organizations that new users get",
    about: "Milliseconds on the clock over HTTP, medians, sizes in turn.",
    name: "grants",
    module: "growth/grants.ts",
    runs: [[]],
  },
  {
    title: "Refusing",
    about:
      "Processor time of refusing what anybody can make, beside accepting; all messages alike long.",
    name: "refusing",
    module: "refusing.ts",
    runs: [[]],
  },
  {
    title: "A flood of garbage",
    about:
      "Strangers post what is refused over many connections, people sign in over two: what is left for people, over HTTP.",
    name: "flood",
    module: "flood.ts",
    runs: [[]],
  },
  {
    title: "Hostile requests",
    about:
      "For how long one blocks the event loop, in milliseconds: median (best to worst of seven), each shape in a process of its own.",
    name: "hostile",
    module: "hostile.ts",
    runs: [
      [
        "--only",
        "ours (read)",
        "--match",
        "^[^:]*$|namespaces in scope|a namespace on every|inside a tag",
      ],
    ],
  },
  {
    title: "Where the time of a sign-in goes",
    about: "Shares of the main thread under load; the profiles stay in `.cache/profiles`.",
    name: "profile",
    module: "post/profile.ts",
    runs: [],
  },
  {
    title: "What a sign-in costs PostgreSQL",
    about:
      "Processor time of the server's processes, write-ahead log and growth of the database for one sign-in, 32 at once over HTTP. docs/SCALING.md calculates with it.",
    name: "database",
    module: "database.ts",
    runs: [],
  },
];
