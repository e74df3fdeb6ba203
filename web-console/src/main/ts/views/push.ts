/** Notifications on this device, and what became of those that were sent. */
import { html, nothing, type TemplateResult } from "lit-html";
import { get, post } from "../net/rest.js";
import { attempt, changed } from "../state/app.js";
import { ago } from "../text/format.js";

interface Outcome {
  id: string;
  type: string;
  outcome: string;
  reason: string | null;
  createdAt: string;
  attempts: number;
}

const WORKER = "/console/sw.js";
const state = { endpoint: null as string | null, outcomes: [] as Outcome[] };

export async function loadPush(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration(WORKER);
  state.endpoint = (await registration?.pushManager.getSubscription())?.endpoint ?? null;
  state.outcomes = await get("/api/push/outcomes?limit=8").then(
    (found) => found.outcomes ?? [],
    () => [],
  );
  changed();
}

export function pushPanel(): TemplateResult {
  const possible = "serviceWorker" in navigator && "PushManager" in window;
  return html`<section class="panel">
    <h2>Notifications on this device</h2>
    <p class="hint">When an agent has finished, failed or asks something while nobody looks.</p>
    ${!possible
      ? html`<p class="warning">This browser takes no notifications from this address.</p>`
      : state.endpoint === null
        ? html`<button @click=${() => void attempt(turnOn)}>Turn on</button>`
        : html`<p><span class="tag done">on</span> <button class="small" @click=${() => void attempt(turnOff)}>Turn off</button></p>`}
    ${state.outcomes.length === 0 ? nothing : html`<h3>What became of the last ones</h3>`}
    <ul class="rows">
      ${state.outcomes.map(
        (each) => html`<li>
          <span class="tag ${each.outcome}">${each.outcome}</span>
          <span class="grow ellipsis">${each.type}${each.reason === null ? "" : `: ${each.reason}`}</span>
          <small class="hint">${ago(each.createdAt)}</small>
        </li>`,
      )}
    </ul>
  </section>`;
}

async function turnOn(): Promise<void> {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("The browser does not allow notifications.");
  const registration = await navigator.serviceWorker.register(WORKER);
  const { publicKey } = await get("/api/push/vapid-public-key");
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  await post("/api/push/subscribe", subscription.toJSON());
  await loadPush();
}

async function turnOff(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  await post("/api/push/unsubscribe", { endpoint: state.endpoint });
  await loadPush();
}
