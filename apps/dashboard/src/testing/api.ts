/** The API as a script calls it, with a key. */
export interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
}

/** @throws with the server's own words when it refuses */
export function createApi(url: string, key: string): Api {
  const request = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/api/learning${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  };
  return {
    get: (path) => request("GET", path),
    post: (path, body) => request("POST", path, body),
  };
}

/** A colleague with a key of their own. */
export async function addColleague(
  admin: Api,
  url: string,
  name: string,
  role: string,
): Promise<{ api: Api; key: string; userId: string }> {
  const member = await admin.post<{ user_id: string }>("/members", { display_name: name, role });
  const { key } = await admin.post<{ key: string }>("/api-keys", {
    kind: "user",
    name,
    user_id: member.user_id,
  });
  return { api: createApi(url, key), key, userId: member.user_id };
}

/** Runs `work` for every item, a few at a time. */
export async function forEach<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: 4 }, lane));
}

/** Asks until the answer is yes; vitest's own limit ends it otherwise. */
export async function waitFor(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await new Promise((resolve) => setTimeout(resolve, 100));
}
