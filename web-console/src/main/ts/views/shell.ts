/** The frame around every page: what runs at the side, the connection's state, notices. */
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { account, signOut } from "../state/account.js";
import { attempt, changed, dismiss, notices } from "../state/app.js";
import { feeds, waitsForSomebody, type Session } from "../state/feeds.js";
import { live } from "../state/live.js";
import { operator } from "../state/operator.js";
import { href, place } from "../state/router.js";
import { ago, shortPath } from "../text/format.js";
import { icon } from "./parts.js";

let open = false;

export function closeDrawer(): void {
  open = false;
}

export function shell(content: unknown): TemplateResult {
  return html`<a class="skip" href="#main" @click=${focusMain}>Skip to the content</a>
    <div class="shell ${open ? "drawer-open" : ""}" @keydown=${(event: KeyboardEvent) => open && event.key === "Escape" && drawer(false)}>
      <div class="topbar">
        <button class="quiet" aria-label="Menu" aria-expanded=${open} @click=${() => drawer(!open)}>${icon("menu")}</button>
        <a class="brand" href="#/"><span class="mark" aria-hidden="true"></span>Agent Relay</a>
        ${connection()}
      </div>
      <div class="scrim" @click=${() => drawer(false)}></div>
      <aside class="side" aria-label="Sessions and runners">
        <a class="brand" href="#/"><span class="mark" aria-hidden="true"></span>Agent Relay</a>
        <a class="button primary wide" href=${href("new")}>${icon("plus")} New session</a>
        <nav class="lists" aria-label="Sessions">
          ${sessionList()} ${endedList()}
        </nav>
        <nav class="menu" aria-label="Pages">
          ${link("home", "Runners", "machine")} ${link("webhooks", "Webhooks", "bolt")}
          ${link("settings", "Account", "gear")} ${operator.allowed ? link("operator", "Operation", "pulse") : nothing}
        </nav>
        <div class="me">
          ${connection()}
          <div class="row">
            <span class="ellipsis" title=${account.user?.email ?? ""}>${account.user?.name ?? ""}</span>
            <button class="link" @click=${() => void attempt(signOut)}>Sign out</button>
          </div>
        </div>
      </aside>
      <main id="main" tabindex="-1">${content}</main>
    </div>`;
}

export function noticeList(): TemplateResult {
  return html`<div class="notices" role="status" aria-live="polite">
    ${notices.map(
      (each) => html`<div class="notice ${each.bad ? "bad" : ""}">
        <span>${each.text}</span>
        <button class="quiet small" aria-label="Dismiss" @click=${() => dismiss(each)}>${icon("close")}</button>
      </div>`,
    )}
  </div>`;
}

/** What is really known: connected and how long since the last byte, or when the next try comes. */
export function connection(): TemplateResult {
  const engine = live.sockets?.engine;
  if (engine === undefined || engine.link === "connecting") {
    return html`<span class="link-state waiting" role="status">Connecting…</span>`;
  }
  if (engine.link === "lost") {
    const seconds = Math.max(0, Math.ceil((engine.retryAt - performance.now()) / 1000));
    return html`<span class="link-state lost" role="status"
      >Reconnecting in ${seconds} s
      <button class="link" @click=${() => engine.reconnectNow()}>Now</button></span
    >`;
  }
  const [silent] = feeds.silent.values();
  if (silent !== undefined) {
    return html`<span class="link-state lost" role="status" title=${silent}>The lists are not live</span>`;
  }
  const age = Math.round((performance.now() - engine.lastByteAt) / 1000);
  return html`<span class="link-state good" title="Time since the relay was last heard">
    Connected<small>${age < 2 ? "now" : `${age} s ago`}</small></span
  >`;
}

function sessionList(): TemplateResult {
  const sessions = [...feeds.sessions.values()].sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  return html`<h2>Live<span class="count">${sessions.length}</span></h2>
    ${sessions.length === 0 ? html`<p class="hint">${feeds.sessionsKnown ? "None runs now." : "…"}</p>` : nothing}
    <ul>
      ${repeat(sessions, (each) => each.sessionId, sessionItem)}
    </ul>`;
}

function sessionItem(session: Session): TemplateResult {
  const asks = waitsForSomebody(session.sessionId);
  const state = asks ? "asks" : session.isActive ? "busy" : "idle";
  return html`<li>
    <a
      class="item ${place.page === "session" && place.id === session.sessionId ? "current" : ""}"
      href=${href("session", session.sessionId)}
      aria-current=${place.id === session.sessionId ? "page" : nothing}
    >
      <span class="dot ${state}" title=${state}></span><span class="visually-hidden">${state}:</span>
      <span class="item-text">
        <span class="ellipsis">${session.sessionName ?? shortPath(session.cwd)}</span>
        <small class="ellipsis">${asks ? html`<b class="warning">waits for you</b> · ` : nothing}${session.runnerName ?? "no runner"} · ${session.model?.name ?? session.model?.id ?? ago(session.startedAt)}</small>
      </span>
    </a>
  </li>`;
}

function endedList(): TemplateResult | typeof nothing {
  if (feeds.ended.length === 0) return nothing;
  return html`<h2>Earlier</h2>
    <ul>
      ${feeds.ended.slice(0, 12).map(
        (each) => html`<li>
          <a class="item ${place.id === each.sessionId ? "current" : ""}" href=${href("session", each.sessionId)}>
            <span class="dot over"></span>
            <span class="item-text"
              ><span class="ellipsis">${each.sessionName ?? shortPath(each.cwd)}</span
              ><small>${ago(each.lastActiveAt)}</small></span
            >
          </a>
        </li>`,
      )}
    </ul>`;
}

function link(to: string, label: string, sign: "machine" | "bolt" | "gear" | "pulse"): TemplateResult {
  const here = place.page === to;
  return html`<a class="item ${here ? "current" : ""}" aria-current=${here ? "page" : nothing} href=${href(to)}
    >${icon(sign)} ${label}</a
  >`;
}

function drawer(value: boolean): void {
  open = value;
  changed();
}

function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
