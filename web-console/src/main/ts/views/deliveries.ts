/** The ledger of a webhook: each call, where it is on its way, and why it ended. */
import { html, nothing, type TemplateResult } from "lit-html";
import { get, post, seg } from "../net/rest.js";
import { attempt, changed, tell } from "../state/app.js";
import { href } from "../state/router.js";
import { ago, bytes, exactly } from "../text/format.js";

interface Delivery {
  id: string;
  receivedAt: string;
  from: string | null;
  verifiedBy: string | null;
  eventType: string | null;
  state: string;
  states: { state: string; at: string }[];
  lastError: string | null;
  status: number | null;
  sessionId: string | null;
  replayOf: string | null;
  bodyBytes: number;
  bodyKept: boolean;
}

interface Ledger {
  deliveries: Delivery[];
  nextCursor: string | null;
}

const PAGE = 20;
const EVERY_MS = 4_000;
const ledgers = new Map<string, Ledger>();
/** Whoever began to look last; only the ledger that is looked at is asked for. */
let watch = 0;

/** Loads a ledger, and its newest page every few seconds for as long as somebody looks. */
export async function watchDeliveries(webhookId: string, isShown: () => boolean): Promise<void> {
  const mine = ++watch;
  const again = async (): Promise<void> => {
    if (watch !== mine || !isShown()) return;
    // Older pages that somebody has loaded stay where they are.
    if (!document.hidden && (ledgers.get(webhookId)?.deliveries.length ?? 0) <= PAGE) {
      await page(webhookId, null).catch(() => {});
    }
    setTimeout(() => void again(), EVERY_MS);
  };
  await loadDeliveries(webhookId);
  setTimeout(() => void again(), EVERY_MS);
}

export async function loadDeliveries(webhookId: string, cursor: string | null = null): Promise<void> {
  await attempt(() => page(webhookId, cursor));
}

async function page(webhookId: string, cursor: string | null): Promise<void> {
  const query = cursor === null ? "" : `&cursor=${seg(cursor)}`;
  const found = await get<Ledger>(`/api/webhooks/${seg(webhookId)}/deliveries?limit=${PAGE}${query}`);
  const before = cursor === null ? [] : (ledgers.get(webhookId)?.deliveries ?? []);
  ledgers.set(webhookId, { deliveries: [...before, ...found.deliveries], nextCursor: found.nextCursor });
  changed();
}

export function deliveriesView(webhookId: string): TemplateResult {
  const ledger = ledgers.get(webhookId);
  return html`<h3 class="row">
      <span class="grow">Ledger</span><button class="small quiet" @click=${() => void loadDeliveries(webhookId)}>Renew</button>
    </h3>
    ${ledger === undefined
      ? html`<div class="skeleton"></div>`
      : ledger.deliveries.length === 0
        ? html`<p class="hint">Nothing came yet.</p>`
        : html`<ul class="rows ledger">${ledger.deliveries.map((each) => row(webhookId, each))}</ul>`}
    ${ledger?.nextCursor
      ? html`<button class="small" @click=${() => void loadDeliveries(webhookId, ledger.nextCursor)}>Older</button>`
      : nothing}`;
}

function row(webhookId: string, each: Delivery): TemplateResult {
  return html`<li>
    <span class="tag ${each.state}">${each.state}</span>
    <details class="grow">
      <summary>
        <b>${each.eventType ?? "webhook"}</b>
        <small class="hint">${ago(each.receivedAt)} · ${each.verifiedBy ?? "unsigned"}${each.replayOf === null ? "" : " · replay"}</small>
        ${each.lastError === null ? nothing : html`<span class="warning">${each.lastError}</span>`}
      </summary>
      <dl>
        ${(each.states ?? []).map((step) => html`<dt>${step.state}</dt><dd>${exactly(step.at)}</dd>`)}
        <dt>from</dt><dd>${each.from ?? "unknown"}</dd>
        <dt>answered</dt><dd>${each.status ?? "not yet"}</dd>
        <dt>body</dt><dd>${bytes(each.bodyBytes)}</dd>
      </dl>
    </details>
    ${each.sessionId === null ? nothing : html`<a class="button small quiet" href=${href("session", each.sessionId)}>Session</a>`}
    ${each.bodyKept ? html`<button class="small" @click=${() => void replay(webhookId, each)}>Replay</button>` : nothing}
  </li>`;
}

async function replay(webhookId: string, each: Delivery): Promise<void> {
  const path = `/api/webhooks/${seg(webhookId)}/deliveries/${seg(each.id)}/replay`;
  if (await attempt(() => post(path))) tell("Sent again.");
  await loadDeliveries(webhookId);
}
