/** Where the console is, kept in the address after the hash. */
import { changed } from "./app.js";

export interface Place {
  page: string;
  id: string;
  tab: string;
}

export let place: Place = read();

export function go(page: string, id = "", tab = ""): void {
  location.hash = href(page, id, tab);
}

export function href(page: string, id = "", tab = ""): string {
  return "#/" + [page, id, tab].filter((part) => part !== "").map(encodeURIComponent).join("/");
}

export function watchPlace(moved: () => void): void {
  addEventListener("hashchange", () => {
    place = read();
    moved();
    changed();
  });
}

function read(): Place {
  // A shared link names the session in its path.
  const shared = /^\/session\/([^/]+)$/.exec(location.pathname);
  if (location.hash === "" && shared?.[1] !== undefined) {
    history.replaceState(null, "", "/console/" + href("session", decodeURIComponent(shared[1])));
  }
  const [page = "", id = "", tab = ""] = location.hash.replace(/^#\/?/, "").split("/").map(decode);
  return { page: page === "" ? "home" : page, id, tab };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
