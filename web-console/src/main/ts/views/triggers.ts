/** What wakes a session: its subscriptions, and what was delivered to it. */
import { html, nothing, type TemplateResult } from "lit-html";
import { del, get, post, seg } from "../net/rest.js";
import { attempt, changed, tell } from "../state/app.js";
import type { Session } from "../state/feeds.js";
import { ago } from "../text/format.js";
import { field, submit, text } from "./parts.js";

interface Definition {
  type: string;
  label: string;
  params?: { name: string; label: string; type: string; required?: boolean; enum?: string[] }[];
}

interface Subscription {
  subscriptionId: string;
  triggerType: string;
  params?: Record<string, unknown>;
}

interface Entry {
  triggerId: string;
  type: string;
  source: string;
  summary?: string;
  deliverAs: string;
  ts: string;
  direction: string;
  delivery?: { state: string; reason?: string };
}

const state = { sessionId: "", chosen: "", definitions: [] as Definition[], subscriptions: [] as Subscription[], history: [] as Entry[] };

export function triggersView(session: Session): TemplateResult {
  if (state.sessionId !== session.sessionId) {
    Object.assign(state, { sessionId: session.sessionId, chosen: "", definitions: [], subscriptions: [], history: [] });
    void load(session.sessionId);
  }
  return html`<div class="page inner">
    <section class="panel">
      <h2>Subscriptions</h2>
      <ul class="rows">
        ${state.subscriptions.map(
          (each) => html`<li>
            <div class="grow"><b>${labelOf(each.triggerType)}</b> <code>${JSON.stringify(each.params ?? {})}</code></div>
            <button class="small" @click=${() => void unsubscribe(each)}>Remove</button>
          </li>`,
        )}
        ${state.subscriptions.length === 0 ? html`<li class="hint">None</li>` : nothing}
      </ul>
      ${state.definitions.length === 0 ? nothing : subscribeForm()}
    </section>
    <section class="panel">
      <h2 class="row"><span class="grow">History</span><button class="small quiet" @click=${() => void load(session.sessionId)}>Renew</button></h2>
      <ul class="rows">
        ${state.history.map(
          (each) => html`<li>
            <span class="tag ${each.delivery?.state ?? ""}">${each.delivery?.state ?? each.direction}</span>
            <div class="grow"><b>${each.type}</b> <small class="hint">${each.source} · ${each.deliverAs}</small>
              ${each.summary === undefined ? nothing : html`<p>${each.summary}</p>`}
              ${each.delivery?.reason === undefined ? nothing : html`<p class="warning">${each.delivery.reason}</p>`}</div>
            <small class="hint">${ago(each.ts)}</small>
          </li>`,
        )}
        ${state.history.length === 0 ? html`<li class="hint">Nothing was delivered yet.</li>` : nothing}
      </ul>
    </section>
  </div>`;
}

function subscribeForm(): TemplateResult {
  const chosen = state.definitions.find((each) => each.type === state.chosen) ?? state.definitions[0]!;
  return html`<form class="form" @submit=${submit((form, element) => void subscribe(chosen, form, element))}>
    ${field(
      "Subscribe to",
      html`<select
        @change=${(event: Event) => {
          state.chosen = (event.target as HTMLSelectElement).value;
          changed();
        }}
      >
        ${state.definitions.map((each) => html`<option value=${each.type} ?selected=${each === chosen}>${each.label}</option>`)}
      </select>`,
    )}
    ${(chosen.params ?? []).map((each) => field(each.label, html`<input name=${each.name} ?required=${each.required === true} />`))}
    <div class="actions end"><button>Subscribe</button></div>
  </form>`;
}

const labelOf = (type: string): string => state.definitions.find((each) => each.type === type)?.label ?? type;

async function load(sessionId: string): Promise<void> {
  const path = `/api/sessions/${seg(sessionId)}`;
  const [available, subscribed, delivered] = await Promise.all([
    attempt(() => get(`${path}/available-triggers`)),
    attempt(() => get(`${path}/trigger-subscriptions`)),
    attempt(() => get(`${path}/triggers?limit=50&state=all`)),
  ]);
  if (state.sessionId !== sessionId) return;
  state.definitions = available?.triggerDefs ?? [];
  state.subscriptions = subscribed?.subscriptions ?? [];
  state.history = delivered?.triggers ?? [];
  changed();
}

async function subscribe(definition: Definition, form: FormData, element: HTMLFormElement): Promise<void> {
  const params: Record<string, string> = {};
  for (const each of definition.params ?? []) {
    const value = text(form, each.name);
    if (value !== "") params[each.name] = value;
  }
  const path = `/api/sessions/${seg(state.sessionId)}/trigger-subscriptions`;
  if (await attempt(() => post(path, { triggerType: definition.type, params }))) {
    element.reset();
    tell("Subscribed.");
  }
  await load(state.sessionId);
}

async function unsubscribe(each: Subscription): Promise<void> {
  const path = `/api/sessions/${seg(state.sessionId)}/trigger-subscriptions/${seg(each.triggerType)}`;
  await attempt(() => del(`${path}?subscriptionId=${seg(each.subscriptionId)}`));
  await load(state.sessionId);
}
