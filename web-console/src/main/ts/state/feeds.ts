/** The live lists: runners as they come and go, sessions as they work (contract sockets.md 3.4, 3.5). */
import { Namespace, Payload, Sockets } from "../net/socket.js";
import { get } from "../net/rest.js";
import { checkAccount } from "./account.js";
import { changed } from "./app.js";

const REJOIN_MS = 3_000;

/** What an agent stops for until a person has answered. */
const WAITS = ["pendingQuestion", "pendingPlan", "pendingApproval", "pendingPluginTrust"];

export interface Model {
  provider: string;
  id: string;
  name?: string;
  contextWindow?: number;
}

export interface Runner {
  runnerId: string;
  name: string | null;
  roots: string[];
  version: string | null;
  platform?: string | null;
  serviceIds?: string[];
  warnings?: string[];
  panels?: { serviceId: string; port: number; label: string }[];
}

export interface Session {
  sessionId: string;
  cwd: string;
  startedAt: string;
  sessionName: string | null;
  isActive: boolean;
  lastHeartbeatAt: string | null;
  model: Model | null;
  runnerId: string | null;
  runnerName: string | null;
  parentSessionId?: string | null;
}

export interface Ended {
  sessionId: string;
  cwd: string;
  sessionName: string | null;
  lastActiveAt: string;
  runnerName: string | null;
}

export interface Feeds {
  runners: Map<string, Runner>;
  sessions: Map<string, Session>;
  ended: Ended[];
  /** What each live session waits for, uses and so on. */
  meta: Map<string, Payload>;
  runnersKnown: boolean;
  sessionsKnown: boolean;
  /** Why a list is not told at the moment, by its namespace; the connection may stand all the same. */
  silent: Map<string, string>;
}

export const feeds: Feeds = {
  runners: new Map(),
  sessions: new Map(),
  ended: [],
  meta: new Map(),
  runnersKnown: false,
  sessionsKnown: false,
  silent: new Map(),
};

export function openFeeds(sockets: Sockets): void {
  Object.assign(feeds, { runners: new Map(), sessions: new Map(), ended: [], meta: new Map(), silent: new Map() });
  feeds.runnersKnown = feeds.sessionsKnown = false;
  list(sockets, "/runners")
    .on("runners", ({ runners }) => {
      feeds.runners = new Map((runners as Runner[]).map((each) => [each.runnerId, each]));
      feeds.runnersKnown = true;
      changed();
    })
    .on("runner_added", (runner) => setRunner(runner as Runner))
    .on("runner_updated", (runner) => setRunner(runner as Runner))
    .on("runner_removed", ({ runnerId }) => {
      feeds.runners.delete(String(runnerId));
      changed();
    });
  const hub = list(sockets, "/hub");
  hub
    .on("sessions", ({ sessions }) => {
      feeds.sessions = new Map((sessions as Session[]).map((each) => [each.sessionId, each]));
      feeds.sessionsKnown = true;
      feeds.sessions.forEach((each) => hub.emit("subscribe_session_meta", { sessionId: each.sessionId }));
      void loadEnded();
      changed();
    })
    .on("session_added", (session) => {
      const added = session as Session;
      feeds.sessions.set(added.sessionId, added);
      hub.emit("subscribe_session_meta", { sessionId: added.sessionId });
      changed();
    })
    .on("session_removed", ({ sessionId }) => {
      feeds.sessions.delete(String(sessionId));
      feeds.meta.delete(String(sessionId));
      void loadEnded();
      changed();
    })
    .on("session_status", (status) => {
      const session = feeds.sessions.get(String(status["sessionId"]));
      if (session) Object.assign(session, status);
      changed();
    })
    .on("state_snapshot", ({ sessionId, state }) => setMeta(String(sessionId), state as Payload))
    .on("meta_event", (event) => setMeta(String(event["sessionId"]), patch(event)));
}

/** A list that is joined again when the relay ends or refuses it; who is refused may not be signed in any more. */
function list(sockets: Sockets, name: string): Namespace {
  const namespace = sockets.open(name);
  const away = (why: string): void => {
    feeds.silent.set(name, why);
    namespace.rejoinAfter(REJOIN_MS);
    changed();
  };
  return namespace
    .on("connect", () => {
      feeds.silent.delete(name);
      changed();
    })
    .on("disconnect", () => away("the relay ended the list"))
    .on("refused", () => {
      away(namespace.refusal ?? "refused");
      void checkAccount();
    });
}

/** Whether the session's agent goes on only when somebody answers. */
export function waitsForSomebody(sessionId: string): boolean {
  const meta = feeds.meta.get(sessionId);
  return WAITS.some((each) => meta?.[each] != null);
}

export async function loadEnded(): Promise<void> {
  const found = await get("/api/sessions?includePersisted=1&limit=30").catch(() => null);
  if (found === null) return;
  feeds.ended = (found.persistedSessions as Ended[]).filter((each) => !feeds.sessions.has(each.sessionId));
  changed();
}

function setRunner(runner: Runner): void {
  feeds.runners.set(runner.runnerId, runner);
  changed();
}

function setMeta(sessionId: string, state: Payload): void {
  feeds.meta.set(sessionId, { ...feeds.meta.get(sessionId), ...state });
  changed();
}

/** What a meta event changes (contract sockets.md 4.18). */
function patch(event: Payload): Payload {
  switch (event["type"]) {
    case "question_pending":
      return { pendingQuestion: event["question"] };
    case "question_cleared":
      return { pendingQuestion: null };
    case "plan_pending":
      return { pendingPlan: event["plan"] };
    case "plan_cleared":
      return { pendingPlan: null };
    case "approval_pending":
      return { pendingApproval: event["approval"] };
    case "approval_cleared":
      return { pendingApproval: null };
    case "plugin_trust_required":
      return { pendingPluginTrust: event["prompt"] };
    case "plugin_trust_resolved":
      return { pendingPluginTrust: null };
    case "todo_updated":
      return { todoList: event["todoList"] };
    case "token_usage_updated":
      return { tokenUsage: event["tokenUsage"] };
    case "model_changed":
      return { model: event["model"] };
    case "thinking_level_changed":
      return { thinkingLevel: event["level"] ?? event["thinkingLevel"] };
    case "plan_mode_toggled":
      return { planModeEnabled: event["enabled"] };
    case "compact_started":
      return { isCompacting: true };
    case "compact_ended":
      return { isCompacting: false };
    case "retry_state_changed":
      return { retryState: event["state"] };
    default:
      return {};
  }
}
