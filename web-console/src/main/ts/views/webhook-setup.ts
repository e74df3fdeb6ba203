/** How each kind of sender is set up, ready to copy. */
import { html, type TemplateResult } from "lit-html";
import { copyable, icon, submit, text } from "./parts.js";
import type { Webhook } from "./webhooks.js";

type Keep = (secret: string) => void;

/** @param keep takes the secret that a sender has made itself */
export function setupSteps(hook: Webhook, keep: Keep): TemplateResult {
  const address = `${location.origin}/api/webhooks/${hook.id}/fire`;
  return html`<details class="fold">
    <summary>${icon("bolt")} How to set up the sender</summary>
    <div class="fold-body">${steps(hook, address, keep)}</div>
  </details>`;
}

function steps(hook: Webhook, address: string, keep: Keep): TemplateResult {
  switch (hook.signatureScheme) {
    case "github":
      return list([
        html`In the repository choose <b>Settings → Webhooks → Add webhook</b>.`,
        html`Payload URL: ${copyable(address)}`,
        html`Content type <code>application/json</code>, and as secret: ${copyable(hook.secret)}`,
        html`Choose the events, save, and see GitHub's ping in the ledger below.`,
      ]);
    case "gitlab":
      return list([
        html`In the project choose <b>Settings → Webhooks → Add new webhook</b>.`,
        html`URL: ${copyable(address)}`,
        html`Secret token: ${copyable(hook.secret)}`,
        html`Choose the triggers, save, and use <b>Test</b> there.`,
      ]);
    case "slack":
      return list([
        html`Create an app at Slack. Its <b>signing secret</b> belongs here: ${ownSecret(hook, keep)}`,
        html`Under <b>Event Subscriptions</b> give this request URL: ${copyable(address)}`,
        html`Subscribe to the events and install the app in the workspace.`,
      ]);
    case "stripe":
      return list([
        html`In Stripe's dashboard add a destination with this endpoint: ${copyable(address)}`,
        html`Stripe then shows a <b>signing secret</b>, which belongs here: ${ownSecret(hook, keep)}`,
      ]);
    case "standard":
      return list([
        html`Give the sender this endpoint: ${copyable(address)}`,
        html`And this signing secret: ${copyable(hook.secret)}`,
        html`A sender that shows a secret of its own instead is believed by that: ${ownSecret(hook, keep)}`,
      ]);
    default:
      return list([
        html`The body is signed with HMAC-SHA256 under the whole secret: ${copyable(curl(hook, address))}`,
      ]);
  }
}

function ownSecret(hook: Webhook, keep: Keep): TemplateResult {
  const given = submit((form, element) => {
    keep(text(form, "senderSecret"));
    element.reset();
  });
  return html`<form class="row" @submit=${given}>
    <input
      name="senderSecret"
      type="password"
      autocomplete="off"
      required
      aria-label="The sender's secret"
      placeholder=${hook.hasSenderSecret ? "One is kept; another replaces it" : "The sender's secret"}
    />
    <button>Keep</button>
  </form>`;
}

function list(items: TemplateResult[]): TemplateResult {
  return html`<ol class="steps">${items.map((each) => html`<li>${each}</li>`)}</ol>`;
}

function curl(hook: Webhook, address: string): string {
  return [
    `body='{"type":"push","text":"Hello"}'`,
    `signature=$(printf %s "$body" | openssl dgst -sha256 -hmac '${hook.secret}' | sed 's/.* //')`,
    `curl -X POST ${address} \\`,
    `  -H "X-Webhook-Signature: $signature" \\`,
    `  -H 'Content-Type: application/json' -d "$body"`,
  ].join("\n");
}
