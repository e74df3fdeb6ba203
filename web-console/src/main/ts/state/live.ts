/** The connection and the session that is open on it. */
import { Sockets } from "../net/socket.js";
import { changed } from "./app.js";
import { feeds, openFeeds } from "./feeds.js";
import { Viewer } from "./viewer.js";

const SPAWN_MS = 30_000;

export const live = {
  sockets: null as Sockets | null,
  viewer: null as Viewer | null,
};

/** Sessions that were asked for and have not come up, with the time of asking. */
const starting = new Map<string, number>();

export function connect(): void {
  live.sockets = new Sockets(changed);
  openFeeds(live.sockets);
}

export function disconnect(): void {
  live.viewer?.close();
  live.viewer = null;
  live.sockets?.close();
  live.sockets = null;
}

export function expectSession(sessionId: string): void {
  starting.set(sessionId, Date.now());
  setTimeout(changed, SPAWN_MS + 100);
}

export function isStarting(sessionId: string): boolean {
  const asked = starting.get(sessionId);
  return asked !== undefined && !feeds.sessions.has(sessionId) && Date.now() - asked < SPAWN_MS;
}

/** Opens what the place names; called before each picture. */
export function showSession(sessionId: string): void {
  const { viewer, sockets } = live;
  if (viewer !== null && viewer.sessionId !== sessionId) closeSession();
  if (sessionId === "" || sockets === null || !feeds.sessionsKnown) return;
  const alive = feeds.sessions.has(sessionId);
  if (alive) starting.delete(sessionId);
  const open = live.viewer;
  if (open?.live === true && !alive) open.removed = true;
  const cameBack = open !== null && alive && (!open.live || open.removed);
  if ((open === null && !isStarting(sessionId)) || cameBack) {
    open?.close();
    live.viewer = new Viewer(sockets, sessionId, alive);
  }
}

function closeSession(): void {
  live.viewer?.close();
  live.viewer = null;
}
