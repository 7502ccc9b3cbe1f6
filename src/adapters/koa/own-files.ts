import { readFile } from "node:fs/promises";

/** The text of a file of this package. Deno may run it from a registry, by https. */
export async function readOwnFile(url: URL): Promise<string> {
  if (url.protocol === "file:") return readFile(url, "utf8");
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  return response.text();
}

/** Loads on the first call and shares the result with all later ones; a failure is not kept. */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
