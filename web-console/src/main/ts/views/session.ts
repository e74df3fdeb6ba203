/** One session: what it is, what it says, and what can be done with it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { attempt, tell } from "../state/app.js";
import { feeds } from "../state/feeds.js";
import { isStarting, live } from "../state/live.js";
import { go, href, place } from "../state/router.js";
import type { Viewer } from "../state/viewer.js";
import { put, seg } from "../net/rest.js";
import { count } from "../text/format.js";
import { composer } from "./composer.js";
import { conversation } from "./conversation.js";
import { filesView } from "./files.js";
import { terminalView } from "./terminal.js";
import { triggersView } from "./triggers.js";

/** A busy agent is heard every ten seconds at least. */
const QUIET_SECONDS = 30;

const TABS = [
  ["", "Conversation"],
  ["files", "Files"],
  ["terminal", "Terminal"],
  ["triggers", "Triggers"],
] as const;

export function sessionView(): TemplateResult {
  const viewer = live.viewer;
  if (viewer === null || viewer.sessionId !== place.id) {
    return isStarting(place.id)
      ? html`<div class="center"><span class="pulse"></span><p>The runner starts the session…</p></div>`
      : html`<div class="center"><div class="skeleton"></div></div>`;
  }
  const session = feeds.sessions.get(place.id);
  const runnerId = session?.runnerId ?? "";
  return html`<div class="session">
    ${head(viewer)} ${tabs(session !== undefined)} ${ports(viewer, runnerId)} ${banner(viewer)}
    ${place.tab === "files" && session
      ? filesView(runnerId, session.cwd)
      : place.tab === "terminal" && session
        ? terminalView(runnerId, session.cwd)
        : place.tab === "triggers" && session
          ? triggersView(session)
          : html`${conversation(viewer)} ${viewer.phase === "live" ? composer(viewer) : nothing}`}
  </div>`;
}

function head(viewer: Viewer): TemplateResult {
  const session = feeds.sessions.get(viewer.sessionId);
  const ended = feeds.ended.find((each) => each.sessionId === viewer.sessionId);
  const name = session?.sessionName ?? ended?.sessionName ?? null;
  const folder = session?.cwd ?? ended?.cwd ?? "";
  return html`<header class="session-head">
    <div class="titles">
      <h1 class="ellipsis" title=${folder}>${name ?? folder}</h1>
      <p class="hint ellipsis">
        ${[session?.runnerName ?? ended?.runnerName, name === null ? null : folder].filter(Boolean).join(" · ")}
      </p>
    </div>
    ${usage(viewer.sessionId)}
    <button class="quiet small" @click=${() => void attempt(() => put(`/api/sessions/${seg(viewer.sessionId)}/pin`).then(() => tell("Kept: a pinned session is never pruned.")))}>
      Pin
    </button>
    ${session && viewer.phase === "live" ? html`<button class="danger small" @click=${() => end(viewer)}>End</button>` : nothing}
  </header>`;
}

function usage(sessionId: string): TemplateResult | typeof nothing {
  const used = feeds.meta.get(sessionId)?.["tokenUsage"] as Record<string, number> | null | undefined;
  if (!used) return nothing;
  const cost = used["cost"] ?? 0;
  return html`<div class="usage" title="Tokens read and written, and what they cost">
    <span><small>in</small> ${count(used["input"] ?? 0)}</span><span><small>out</small> ${count(used["output"] ?? 0)}</span>
    ${cost > 0 ? html`<span>$${cost < 0.01 ? cost.toFixed(4) : cost.toFixed(2)}</span>` : nothing}
  </div>`;
}

function tabs(alive: boolean): TemplateResult {
  return html`<nav class="tabs" aria-label="Parts of the session">
    ${TABS.filter(([tab]) => alive || tab === "").map(
      ([tab, label]) =>
        html`<a href=${href("session", place.id, tab)} aria-current=${place.tab === tab ? "page" : nothing}>${label}</a>`,
    )}
  </nav>`;
}

/** What the session's programs serve on the runner, each a link to its tunnel. */
function ports(viewer: Viewer, runnerId: string): TemplateResult | typeof nothing {
  if (viewer.ports.exposed.size === 0 || runnerId === "") return nothing;
  return html`<ul class="chips ports" aria-label="Exposed ports">
    ${[...viewer.ports.exposed].map(
      ([port, name]) =>
        html`<li><a class="chip" target="_blank" rel="noopener" href=${`/api/tunnel/runner/${seg(runnerId)}/${port}/`}>${name === "" ? "Port" : name} ${port}</a></li>`,
    )}
  </ul>`;
}

/** What is known about how whole the picture is. */
function banner(viewer: Viewer): TemplateResult | typeof nothing {
  const link = live.sockets?.engine.link;
  if (viewer.phase === "failed") {
    return html`<p class="banner bad" role="alert">
      ${viewer.failure} <button class="link" @click=${() => viewer.reload()}>Try again</button>
      <button class="link" @click=${() => go("home")}>Leave</button>
    </p>`;
  }
  if (viewer.phase === "ended" || viewer.replayed) {
    return html`<p class="banner" role="status">This session has ended; this is what was kept of it.</p>`;
  }
  if (link !== "open") {
    return html`<p class="banner warn" role="status">The connection is lost: what you see may be old.</p>`;
  }
  switch (viewer.recovery) {
    case "catching-up":
      return html`<p class="banner warn" role="status">Catching up with what happened meanwhile…</p>`;
    case "caught-up":
      return html`<p class="banner good" role="status">Caught up: nothing was missed.</p>`;
    case "incomplete":
      return html`<p class="banner warn" role="status">
        Some events could not be recovered. <button class="link" @click=${() => viewer.reload()}>Load the session anew</button>
      </p>`;
    default:
      return silence(viewer);
  }
}

function silence(viewer: Viewer): TemplateResult | typeof nothing {
  const seconds = Math.round((performance.now() - viewer.lastEventAt) / 1000);
  if (!viewer.transcript.busy || seconds < QUIET_SECONDS) return nothing;
  return html`<p class="banner warn" role="status">
    Nothing was heard from the agent for ${seconds} s.
    <button class="link" @click=${() => viewer.reload()}>Load the session anew</button>
  </p>`;
}

function end(viewer: Viewer): void {
  if (confirm("End this session? Its agent stops.")) viewer.steering.exec("end_session");
}

