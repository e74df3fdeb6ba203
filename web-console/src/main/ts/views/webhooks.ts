/** Webhooks: what starts a session from outside. */
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { del, get, post, put, seg } from "../net/rest.js";
import { attempt, changed, tell } from "../state/app.js";
import { feeds } from "../state/feeds.js";
import { place } from "../state/router.js";
import { exactly } from "../text/format.js";
import { deliveriesView, loadDeliveries, watchDeliveries } from "./deliveries.js";
import { empty, field, page, submit, text } from "./parts.js";
import { setupSteps } from "./webhook-setup.js";

export interface Webhook {
  id: string;
  name: string;
  source: string;
  secret: string;
  runnerId: string | null;
  cwd: string | null;
  prompt: string | null;
  enabled: boolean;
  signatureScheme: string | null;
  hasSenderSecret: boolean;
  previousSecretExpiresAt?: string | null;
}

/** What can be given and never read. */
type Change = Partial<Webhook> & { senderSecret?: string };

const state = { hooks: null as Webhook[] | null, open: "", creating: false };

export async function loadWebhooks(): Promise<void> {
  const found = await attempt(() => get<{ webhooks: Webhook[] }>("/api/webhooks"));
  state.hooks = found?.webhooks ?? state.hooks ?? [];
  changed();
  watch();
}

export function webhooksView(): TemplateResult {
  const hooks = state.hooks;
  return page(
    "Webhooks",
    "Each accepted call starts a session; the ledger tells what became of it.",
    html`${state.creating ? createForm() : nothing}
    ${hooks === null
      ? html`<div class="skeleton"></div>`
      : hooks.length === 0 && !state.creating
        ? empty("No webhooks yet", "Create one, and let GitHub, GitLab, Slack or a script start your agents.")
        : repeat(hooks, (each) => each.id, card)}`,
    html`<button class="primary" @click=${() => set({ creating: !state.creating })}>New webhook</button>`,
  );
}

function card(hook: Webhook): TemplateResult {
  const open = state.open === hook.id;
  const runner = hook.runnerId === null ? "no runner" : (feeds.runners.get(hook.runnerId)?.name ?? "a runner that is away");
  return html`<section class="panel webhook">
    <header class="row">
      <button class="link title grow ellipsis" aria-expanded=${open} @click=${() => toggle(hook)}>${hook.name}</button>
      <span class="tag ${hook.enabled ? "done" : ""}">${hook.enabled ? "on" : "off"}</span>
      <span class="tag">${hook.signatureScheme ?? "signed"}</span>
    </header>
    <p class="hint ellipsis">from ${hook.source} · to ${runner}${hook.cwd === null ? "" : ` · ${hook.cwd}`}</p>
    ${open
      ? html`<div class="actions">
            <button class="small primary" @click=${() => void test(hook)}>Send a test</button>
            <button class="small" @click=${() => void rotate(hook)}>Rotate the secret</button>
            <button class="small" @click=${() => void change(hook, { enabled: !hook.enabled })}>${hook.enabled ? "Switch off" : "Switch on"}</button>
            <button class="small danger" @click=${() => void remove(hook)}>Delete</button>
          </div>
          ${hook.previousSecretExpiresAt ? html`<p class="hint">The earlier secret still counts until ${exactly(hook.previousSecretExpiresAt)}.</p>` : nothing}
          ${setupSteps(hook, (secret) => void keepSecret(hook, secret))} ${deliveriesView(hook.id)}`
      : nothing}
  </section>`;
}

function createForm(): TemplateResult {
  return html`<form class="panel form" aria-label="New webhook" @submit=${submit((form) => void create(form))}>
    ${field("Name", html`<input name="name" required placeholder="Review pull requests" />`)}
    ${field(
      "Sender",
      html`<select name="scheme">
        <option value="">A script, with curl</option>
        <option value="github">GitHub</option>
        <option value="gitlab">GitLab</option>
        <option value="slack">Slack</option>
        <option value="stripe">Stripe</option>
        <option value="standard">Standard Webhooks</option>
      </select>`,
    )}
    ${field(
      "Runner",
      html`<select name="runnerId">
        ${[...feeds.runners.values()].map((each) => html`<option value=${each.runnerId}>${each.name ?? each.runnerId}</option>`)}
      </select>`,
    )}
    ${field("Folder", html`<input name="cwd" placeholder="The runner's default" />`)}
    ${field("Prompt", html`<textarea name="prompt" rows="3" placeholder="What the agent does with each call"></textarea>`)}
    <div class="actions end">
      <button type="button" class="quiet" @click=${() => set({ creating: false })}>Cancel</button>
      <button class="primary">Create</button>
    </div>
  </form>`;
}

function set(values: Partial<typeof state>): void {
  Object.assign(state, values);
  changed();
}

function toggle(hook: Webhook): void {
  set({ open: state.open === hook.id ? "" : hook.id });
  watch();
}

function watch(): void {
  const { open } = state;
  if (open !== "") void watchDeliveries(open, () => place.page === "webhooks" && state.open === open);
}

async function create(form: FormData): Promise<void> {
  const scheme = text(form, "scheme");
  const request: Record<string, unknown> = { name: text(form, "name"), source: scheme === "" ? "script" : scheme };
  for (const name of ["runnerId", "cwd", "prompt"]) request[name] = text(form, name);
  if (scheme !== "") request["signatureScheme"] = scheme;
  const made = await attempt(() => post<{ webhook: Webhook }>("/api/webhooks", request));
  if (made === undefined) return;
  set({ creating: false, open: made.webhook.id });
  await loadWebhooks();
}

async function test(hook: Webhook): Promise<void> {
  if (await attempt(() => post(`/api/webhooks/${seg(hook.id)}/test`))) tell("The test went the whole way.");
  await loadDeliveries(hook.id);
}

async function rotate(hook: Webhook): Promise<void> {
  if (!confirm("Make a new secret? The old one counts for a while longer.")) return;
  if (await attempt(() => post(`/api/webhooks/${seg(hook.id)}/rotate-secret`))) tell("The secret is new.");
  await loadWebhooks();
}

async function change(hook: Webhook, values: Change): Promise<boolean> {
  const done = await attempt(() => put(`/api/webhooks/${seg(hook.id)}`, values));
  await loadWebhooks();
  return done !== undefined;
}

async function keepSecret(hook: Webhook, senderSecret: string): Promise<void> {
  if (await change(hook, { senderSecret })) tell("The sender's secret is kept.");
}

async function remove(hook: Webhook): Promise<void> {
  if (!confirm(`Delete the webhook ${hook.name}? Its address stops working.`)) return;
  if (await attempt(() => del(`/api/webhooks/${seg(hook.id)}`))) state.open = "";
  await loadWebhooks();
}
