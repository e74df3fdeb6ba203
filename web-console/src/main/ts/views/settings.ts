/** The account: API keys, where one is signed in, notifications on this device. */
import { html, type TemplateResult } from "lit-html";
import { get, post } from "../net/rest.js";
import { account } from "../state/account.js";
import { attempt, changed, tell } from "../state/app.js";
import { ago, exactly } from "../text/format.js";
import { copyable, field, page, submit, text } from "./parts.js";
import { pushPanel } from "./push.js";

interface Key {
  id: string;
  name: string | null;
  start: string | null;
  createdAt: string;
  lastRequest: string | null;
  expiresAt: string | null;
}

interface Login {
  id: string;
  token: string;
  createdAt: string;
  expiresAt: string;
  userAgent: string | null;
  ipAddress: string | null;
}

const state = { keys: null as Key[] | null, logins: null as Login[] | null, own: "", fresh: "" };

export async function loadSettings(): Promise<void> {
  const [keys, logins, session] = await Promise.all([
    get<Key[]>("/api/auth/api-key/list").catch(() => []),
    get<Login[]>("/api/auth/list-sessions").catch(() => []),
    get("/api/auth/get-session").catch(() => null),
  ]);
  Object.assign(state, { keys, logins, own: session?.session?.id ?? "" });
  changed();
}

export function settingsView(): TemplateResult {
  return page(
    "Account",
    account.user?.email ?? "",
    html`${keysPanel()} ${loginsPanel()} ${pushPanel()} ${passwordPanel()}`,
  );
}

function keysPanel(): TemplateResult {
  return html`<section class="panel">
    <h2>API keys</h2>
    <p class="hint">For runners, scripts and other programs. A key is shown once.</p>
    ${state.fresh === "" ? "" : html`<p class="banner good">The new key; keep it now:</p>${copyable(state.fresh)}`}
    <ul class="rows">
      ${(state.keys ?? []).map(
        (key) => html`<li>
          <div class="grow"><b>${key.name ?? "unnamed"}</b> <code>${key.start ?? ""}…</code>
            <small class="hint">made ${ago(key.createdAt)} · ${key.lastRequest === null ? "never used" : `used ${ago(key.lastRequest)}`}</small></div>
          <button class="small" @click=${() => void removeKey(key)}>Delete</button>
        </li>`,
      )}
    </ul>
    <form class="row" @submit=${submit((form, element) => void createKey(text(form, "name"), element))}>
      <input name="name" maxlength="32" required placeholder="Name of a new key" aria-label="Name of a new key" />
      <button>Create key</button>
    </form>
  </section>`;
}

function loginsPanel(): TemplateResult {
  return html`<section class="panel">
    <h2>Signed in</h2>
    <ul class="rows">
      ${(state.logins ?? []).map(
        (login) => html`<li>
          <div class="grow"><b>${browserOf(login.userAgent)}</b> ${login.id === state.own ? html`<span class="tag done">this one</span>` : ""}
            <small class="hint">${login.ipAddress ?? ""} · since <time title=${exactly(login.createdAt)}>${ago(login.createdAt)}</time></small></div>
          ${login.id === state.own ? "" : html`<button class="small" @click=${() => void revoke(login)}>Sign out</button>`}
        </li>`,
      )}
    </ul>
  </section>`;
}

function passwordPanel(): TemplateResult {
  const secret = (name: string, complete: "current-password" | "new-password") =>
    html`<input name=${name} type="password" autocomplete=${complete} required />`;
  return html`<section class="panel">
    <h2>Password</h2>
    <form class="form" @submit=${submit((form, element) => void changePassword(form, element))}>
      ${field("Current password", secret("currentPassword", "current-password"))}
      ${field("New password", secret("newPassword", "new-password"))}
      <div class="actions end"><button>Change it and sign out everywhere else</button></div>
    </form>
  </section>`;
}

async function createKey(name: string, form: HTMLFormElement): Promise<void> {
  const made = await attempt(() => post("/api/auth/api-key/create", { name, prefix: "pzpe" }));
  if (made === undefined) return;
  state.fresh = made.key;
  form.reset();
  await loadSettings();
}

async function removeKey(key: Key): Promise<void> {
  if (!confirm(`Delete the key ${key.name ?? key.start ?? ""}? Whatever uses it stops working.`)) return;
  await attempt(() => post("/api/auth/api-key/delete", { keyId: key.id }));
  await loadSettings();
}

async function revoke(login: Login): Promise<void> {
  await attempt(() => post("/api/auth/revoke-session", { token: login.token }));
  await loadSettings();
}

async function changePassword(form: FormData, element: HTMLFormElement): Promise<void> {
  const request = {
    currentPassword: String(form.get("currentPassword")),
    newPassword: String(form.get("newPassword")),
    revokeOtherSessions: true,
  };
  if ((await attempt(() => post("/api/auth/change-password", request))) === undefined) return;
  element.reset();
  tell("The password is changed.");
  await loadSettings();
}

function browserOf(agent: string | null): string {
  const name = /(Firefox|Edg|Chrome|Safari|curl)\//.exec(agent ?? "")?.[1];
  const system = /(Windows|Mac OS|Android|iPhone|Linux)/.exec(agent ?? "")?.[1];
  return [name === "Edg" ? "Edge" : name, system].filter(Boolean).join(" on ") || "A program";
}
