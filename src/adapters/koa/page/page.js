/**
 * Progressive enhancement of the settings page, which works without scripts. Only the server renders
 * HTML: a live action posts the form like its button and replaces one part with the response.
 */

const form = document.querySelector("#settings");
if (form instanceof HTMLFormElement) {
  warnBeforeLeaving(form);
  answerLive(form);
  testSignIn(form);
  searchWhileTyping(form);
  readMetadataFile(form);
  countTicks(form);
}
enhance(document);

/** @param {ParentNode} part */
function enhance(part) {
  for (const element of part.querySelectorAll("[data-script]")) {
    if (element instanceof HTMLElement) element.hidden = false;
  }
  for (const button of part.querySelectorAll("[data-copy]")) {
    if (button instanceof HTMLButtonElement) enableCopying(button);
  }
  for (const time of part.querySelectorAll("time")) showLocalTime(time);
}

/** @param {HTMLButtonElement} button */
function enableCopying(button) {
  if (navigator.clipboard === undefined) return;
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset["copy"] ?? "");
    await navigator.clipboard.writeText(source?.textContent ?? "");
    button.textContent = button.dataset["copied"] ?? label;
    announce(button.textContent ?? "");
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

/**
 * In the browser's time zone; times of the last hour stay as the server wrote them, in minutes, and
 * go on. A day without a time is one of UTC.
 *
 * @param {HTMLTimeElement} time
 */
function showLocalTime(time) {
  if (!time.dateTime.includes("T")) return;
  const lang = document.documentElement.lang;
  const at = new Date(time.dateTime);
  const format = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" });
  const minutes = Number(time.dataset["minutes"]);
  if (Number.isNaN(minutes)) {
    time.title = time.textContent ?? "";
    time.textContent = format.format(at);
    return;
  }
  time.title = format.format(at);
  setTimeout(() => {
    if (!time.isConnected) return;
    const ago = new Intl.RelativeTimeFormat(lang, { numeric: "auto" });
    time.dataset["minutes"] = String(minutes + 1);
    time.textContent = ago.format(-minutes - 1, "minute");
    showLocalTime(time);
  }, 60_000);
}

/** @param {HTMLFormElement} settings */
function warnBeforeLeaving(settings) {
  let edited = settings.dataset["edited"] !== undefined;
  settings.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLElement) || target.dataset["search"] !== undefined) return;
    if (target.id === "preview-email" || target.id === "metadata-file") return;
    edited = true;
    const unsaved = document.getElementById("unsaved");
    if (unsaved !== null) unsaved.hidden = false;
  });
  settings.addEventListener("submit", (event) => {
    // A live action does not leave the page.
    queueMicrotask(() => {
      if (!event.defaultPrevented) edited = false;
    });
  });
  window.addEventListener("beforeunload", (event) => {
    if (edited) event.preventDefault();
  });
}

/** @param {HTMLFormElement} settings */
function answerLive(settings) {
  settings.addEventListener("input", () => {
    edits += 1;
  });
  settings.addEventListener("submit", (event) => {
    const { submitter } = event;
    if (!(submitter instanceof HTMLButtonElement)) return;
    const part = submitter.dataset["live"];
    if (part === undefined) return;
    event.preventDefault();
    void renew(settings, part, submitter.value);
  });
}

/** @type {AbortController | undefined} */
let renewing;
/** Number of edits so far. */
let edits = 0;

/**
 * Posts the form for `action` and replaces the element `part` with the one in the response.
 *
 * @param {HTMLFormElement} settings
 * @param {string} part
 * @param {string} action
 * @returns {Promise<void>}
 */
async function renew(settings, part, action) {
  renewing?.abort();
  renewing = new AbortController();
  const { signal } = renewing;
  const before = edits;
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(settings)) {
    if (typeof value === "string") body.append(name, value);
  }
  body.set("action", action);
  body.set("live", part);
  try {
    const response = await fetch(window.location.pathname, {
      method: "POST",
      body,
      signal,
      headers: { Accept: "text/html" },
    });
    if (response.status === 403) return announce(settings.dataset["ended"] ?? "", true);
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    const renewed = answer.getElementById(part);
    const old = document.getElementById(part);
    if (renewed === null || old === null) throw new Error("no such part");
    // The response does not contain boxes ticked since the request.
    if (edits !== before) return renew(settings, part, action);
    const says = answer.getElementById(`${part}-summary`) ?? answer.getElementById("notice");
    const focused = document.activeElement;
    const within = focused instanceof HTMLElement && old.contains(focused) ? focused : undefined;
    // The notice of the previous action is outdated.
    document.getElementById("outcome")?.remove();
    old.replaceWith(renewed);
    enhance(renewed);
    if (within !== undefined) keepFocus(within, renewed);
    renewAlong(part, answer, focused);
    announce(says?.textContent ?? "");
  } catch {
    if (!signal.aborted) announce(settings.dataset["failed"] ?? "", true);
  }
}

/**
 * Replaces what says the same as `part` elsewhere on the page.
 *
 * @param {string} part
 * @param {Document} answer
 * @param {Element | null} focused
 */
function renewAlong(part, answer, focused) {
  for (const old of document.querySelectorAll(`[data-along="${part}"]`)) {
    const renewed = answer.getElementById(old.id);
    if (renewed === null) continue;
    old.replaceWith(renewed);
    enhance(renewed);
    if (focused instanceof HTMLElement && old.contains(focused)) keepFocus(focused, renewed);
  }
}

/**
 * Moves the focus from a replaced element to its successor, with the same cursor position.
 *
 * @param {HTMLElement} old
 * @param {HTMLElement} renewed
 */
function keepFocus(old, renewed) {
  const same =
    old instanceof HTMLButtonElement
      ? [...renewed.querySelectorAll("button")].find(({ value }) => value === old.value)
      : document.getElementById(old.id);
  const next = same?.checkVisibility() === true ? same : renewed;
  if (old instanceof HTMLInputElement && next instanceof HTMLInputElement && old.type === "text") {
    next.value = old.value;
    next.focus();
    next.setSelectionRange(old.selectionStart, old.selectionEnd);
  } else {
    if (next === renewed) renewed.tabIndex = -1;
    next.focus();
  }
}

/**
 * The tab is opened while the button is pressed: later, browsers would take it for an
 * advertisement.
 *
 * @param {HTMLFormElement} settings
 */
function testSignIn(settings) {
  settings.addEventListener("submit", async (event) => {
    const { submitter } = event;
    if (!(submitter instanceof HTMLButtonElement) || submitter.dataset["test"] === undefined) {
      return;
    }
    const tab = window.open("", "_blank");
    if (tab === null) return;
    event.preventDefault();
    // The identity provider's pages must not access this one.
    tab.opener = null;
    await renew(settings, "test", submitter.value);
    const start = document.getElementById("test-start");
    if (start instanceof HTMLAnchorElement) {
      tab.location.replace(start.href);
      void awaitTest(settings);
    } else {
      // The test could not start: the whole page shows why. The part that was renewed has a button of
      // its own; the one that was clicked belongs to no form now.
      tab.close();
      const again = settings.querySelector("button[data-test]");
      if (!(again instanceof HTMLButtonElement)) return;
      delete again.dataset["test"];
      settings.requestSubmit(again);
    }
  });
  void awaitTest(settings);
}

const TEST_POLL_MS = 2000;

/** @param {HTMLFormElement} settings */
async function awaitTest(settings) {
  const part = document.getElementById("test-sign-in");
  const address = part?.dataset["awaited"];
  // The server decides when a test expires: browser clocks may be wrong.
  while (address !== undefined && part?.isConnected === true) {
    await new Promise((resolve) => setTimeout(resolve, TEST_POLL_MS));
    // Retry while the server is unreachable; a deleted test is treated as absent.
    const test = await testAt(address).catch(() => PENDING);
    if (test.state !== PENDING.state) return renew(settings, "test", "refresh");
  }
}

const PENDING = { state: "pending" };

/**
 * @param {string} address
 * @returns {Promise<{ state?: string }>}
 */
async function testAt(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (response.status >= 500) throw new Error("no answer");
  return response.json();
}

const TYPING_PAUSE_MS = 250;

/** @param {HTMLFormElement} settings */
function searchWhileTyping(settings) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  settings.addEventListener("input", ({ target }) => {
    const live = liveActionOf(target);
    if (live === undefined) return;
    clearTimeout(pause);
    pause = setTimeout(() => void renew(settings, live.part, live.action), TYPING_PAUSE_MS);
  });
  settings.addEventListener("keydown", (event) => {
    const live = liveActionOf(event.target);
    if (event.key !== "Enter" || live === undefined || live.lines) return;
    event.preventDefault();
    clearTimeout(pause);
    void renew(settings, live.part, live.action);
  });
}

/** @param {EventTarget | null} target */
function liveActionOf(target) {
  if (target instanceof HTMLTextAreaElement && target.name === "connection-certificates") {
    return { part: "connection-certificates", action: "refresh", lines: true };
  }
  if (!(target instanceof HTMLInputElement)) return undefined;
  const { search } = target.dataset;
  if (search !== undefined) {
    return { part: search, action: target.name, lines: false };
  }
  if (target.name === "preview-email") return { part: "preview", action: "preview", lines: false };
  return undefined;
}

/**
 * Updates the number of ticked boxes of a list within the server's text.
 *
 * @param {HTMLFormElement} settings
 */
function countTicks(settings) {
  settings.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLInputElement) || !target.name.endsWith("-ticked")) return;
    const list = target.closest("fieldset");
    const count = list?.querySelector("[data-count]");
    if (!(list instanceof HTMLElement) || !(count instanceof HTMLElement)) return;
    const boxes = [...list.querySelectorAll("input[type=checkbox]")];
    const change = boxes.reduce((sum, box) => {
      if (!(box instanceof HTMLInputElement)) return sum;
      return sum + Number(box.checked) - Number(box.defaultChecked);
    }, 0);
    const number = new Intl.NumberFormat(document.documentElement.lang);
    const total = Number(count.dataset["count"]);
    count.dataset["text"] ??= count.textContent ?? "";
    const text = count.dataset["text"];
    count.textContent = text.replace(number.format(total), number.format(total + change));
  });
}

/** @param {HTMLFormElement} settings */
function readMetadataFile(settings) {
  settings.addEventListener("change", async ({ target }) => {
    if (!(target instanceof HTMLInputElement) || target.id !== "metadata-file") return;
    await readFile(settings, target.files);
  });
  // Without this, the browser would leave the page and show the file.
  settings.addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files") === true) event.preventDefault();
  });
  settings.addEventListener("drop", async (event) => {
    const { dataTransfer } = event;
    if (dataTransfer === null || dataTransfer.files.length === 0) return;
    event.preventDefault();
    await readFile(settings, dataTransfer.files);
  });
}

/**
 * @param {HTMLFormElement} settings
 * @param {FileList | null} files
 */
async function readFile(settings, files) {
  const [file] = files ?? [];
  const text = settings.elements.namedItem("metadata");
  const button = settings.querySelector('button[value="read-metadata"]');
  if (file === undefined || !(text instanceof HTMLTextAreaElement)) return;
  text.value = await file.text();
  if (button instanceof HTMLButtonElement) settings.requestSubmit(button);
}

/**
 * @param {string} text
 * @param {boolean} [loud]
 */
function announce(text, loud = false) {
  const live = document.getElementById("live");
  if (live === null) return;
  live.classList.toggle("unseen", !loud);
  live.textContent = text;
}
