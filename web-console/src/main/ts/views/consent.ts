/** What goes on only with a person's consent: a tool call, the plugins of a folder (contract sockets.md 4.18). */
import { html, nothing, type TemplateResult } from "lit-html";
import { keyed } from "lit-html/directives/keyed.js";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import type { Viewer } from "../state/viewer.js";
import { markdown } from "../text/markdown.js";
import { field } from "./parts.js";

export interface Approval {
  promptId: string;
  title: string;
  message?: string;
  toolName?: string;
  fields?: Field[];
  actions?: Action[];
}

export interface Trust {
  promptId: string;
  pluginNames: string[];
  pluginSummaries?: string[];
}

interface Field {
  key: string;
  label: string;
  value: string;
  editable?: boolean;
  multiline?: boolean;
}

interface Action {
  id: string;
  label: string;
  style?: string;
}

/** What can be said where the agent names nothing else. */
const USUAL: Action[] = [
  { id: "approve", label: "Approve", style: "primary" },
  { id: "reject", label: "Reject", style: "danger" },
];

/** What was typed for one approval is not taken over into the next. */
export function approvalView(viewer: Viewer, approval: Approval): TemplateResult {
  return html`${keyed(approval.promptId, approvalForm(viewer, approval))}`;
}

function approvalForm(viewer: Viewer, approval: Approval): TemplateResult {
  const actions = approval.actions?.length ? approval.actions : USUAL;
  // Enter in a field decides nothing.
  return html`<form class="ask panel form" aria-label="To approve" @submit=${(event: Event) => event.preventDefault()}>
    <h2>${approval.title}</h2>
    ${approval.toolName ? html`<p class="hint">The agent wants to use <b>${approval.toolName}</b>.</p>` : nothing}
    ${approval.message ? html`<div class="prose">${unsafeHTML(markdown(approval.message))}</div>` : nothing}
    ${(approval.fields ?? []).map(fieldView)}
    <div class="actions">
      ${actions.map(
        (each) => html`<button
          type="button"
          class=${each.style === "primary" || each.style === "danger" ? each.style : ""}
          @click=${(event: Event) => decide(viewer, approval, each.id, (event.currentTarget as HTMLButtonElement).form!)}
        >${each.label}</button>`,
      )}
    </div>
  </form>`;
}

function fieldView(each: Field): TemplateResult {
  if (each.editable !== true) {
    return html`<div class="field"><span>${each.label}</span><pre class="plain" tabindex="0">${each.value}</pre></div>`;
  }
  return field(
    each.label,
    each.multiline === true
      ? html`<textarea name=${each.key} rows="5" .value=${each.value}></textarea>`
      : html`<input name=${each.key} .value=${each.value} />`,
  );
}

/** Fields go along only where somebody has changed them. */
function decide(viewer: Viewer, { promptId, fields = [] }: Approval, action: string, form: HTMLFormElement): void {
  const given = new FormData(form);
  const edited = fields
    .filter((each) => each.editable === true && given.get(each.key) !== each.value)
    .map((each) => [each.key, String(given.get(each.key) ?? "")]);
  const answer = { promptId, action, ...(edited.length > 0 ? { edits: Object.fromEntries(edited) } : {}) };
  void viewer.steering.answer(JSON.stringify(answer));
}

export function trustView(viewer: Viewer, { promptId, pluginNames, pluginSummaries = [] }: Trust): TemplateResult {
  const decide = (trusted: boolean) => () => viewer.steering.exec("plugin_trust_response", { promptId, trusted });
  return html`<section class="ask panel" aria-label="Plugins to trust">
    <h2>Trust the plugins of this folder?</h2>
    <p class="hint">Their code would run on the runner, with all that the agent may do.</p>
    <ul class="rows">
      ${pluginNames.map(
        (name, index) => html`<li><div><b>${name}</b> <small class="hint">${pluginSummaries[index] ?? ""}</small></div></li>`,
      )}
    </ul>
    <div class="actions">
      <button class="primary" @click=${decide(true)}>Trust them</button>
      <button @click=${decide(false)}>Go on without them</button>
    </div>
  </section>`;
}
