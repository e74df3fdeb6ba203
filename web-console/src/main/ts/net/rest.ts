/** The relay's REST interface, with its errors as sentences. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

let onSignedOut: () => void = () => {};

/** What happens when an answer says that nobody is signed in any more. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

export async function rest<T = any>(method: string, path: string, body?: unknown): Promise<T> {
  const init: RequestInit = { method, headers: {}, credentials: "same-origin" };
  if (body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new RestError(0, "The relay cannot be reached.");
  }
  const text = await response.text();
  if (response.ok) return (text === "" ? {} : JSON.parse(text)) as T;
  if (response.status === 401 && !path.startsWith("/api/auth/")) onSignedOut();
  throw new RestError(response.status, sentence(text, response.status));
}

export const get = <T = any>(path: string) => rest<T>("GET", path);
export const post = <T = any>(path: string, body: unknown = {}) => rest<T>("POST", path, body);
export const put = <T = any>(path: string, body: unknown = {}) => rest<T>("PUT", path, body);
export const del = <T = any>(path: string, body?: unknown) => rest<T>("DELETE", path, body);

/** A path segment. */
export const seg = encodeURIComponent;

function sentence(text: string, status: number): string {
  try {
    const found = JSON.parse(text) as { error?: unknown; message?: unknown };
    if (typeof found.error === "string") return found.error;
    if (typeof found.message === "string") return found.message;
  } catch {
    // A plain text, or none.
  }
  return text !== "" && text.length < 200 && !text.startsWith("<") ? text : `The relay answered ${status}.`;
}
