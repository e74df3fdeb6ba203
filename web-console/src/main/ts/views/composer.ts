/** Where a person types: text, files by drop and paste, steer or follow up, stop, model. */
import { html, nothing, type TemplateResult } from "lit-html";
import { live as liveValue } from "lit-html/directives/live.js";
import { post, seg } from "../net/rest.js";
import { attempt, changed, tell } from "../state/app.js";
import { feeds, type Model } from "../state/feeds.js";
import type { Viewer } from "../state/viewer.js";
import { bytes } from "../text/format.js";
import { icon } from "./parts.js";

interface Attached {
  attachmentId: string;
  filename: string;
  mediaType: string;
  size: number;
}

interface Draft {
  text: string;
  attached: Attached[];
  uploading: number;
  /** Sent and not yet seen in the conversation. */
  sending: boolean;
}

const drafts = new Map<string, Draft>();

export function composer(viewer: Viewer): TemplateResult {
  const draft = draftOf(viewer.sessionId);
  const { busy } = viewer.transcript;
  return html`<form
    class="composer"
    aria-label="Message to the agent"
    @submit=${(event: Event) => {
      event.preventDefault();
      void send(viewer, busy ? "followUp" : undefined);
    }}
    @dragover=${(event: Event) => event.preventDefault()}
    @drop=${(event: DragEvent) => {
      event.preventDefault();
      void attach(viewer, event.dataTransfer?.files);
    }}
  >
    ${draft.attached.length + draft.uploading > 0 ? attachedList(draft) : nothing}
    <textarea
      rows="1"
      aria-label="Message"
      placeholder=${busy ? "Steer it, or queue a follow-up…" : "Message the agent…"}
      .value=${liveValue(draft.text)}
      @input=${(event: Event) => typed(draft, event.target as HTMLTextAreaElement)}
      @keydown=${(event: KeyboardEvent) => key(viewer, event)}
      @paste=${(event: ClipboardEvent) => void attach(viewer, event.clipboardData?.files, event)}
    ></textarea>
    <div class="row bar">
      <label class="button quiet small" title="Attach files"
        >${icon("clip")}<span class="visually-hidden">Attach files</span
        ><input class="visually-hidden" type="file" multiple @change=${(event: Event) => void attach(viewer, (event.target as HTMLInputElement).files)}
      /></label>
      ${modelChoice(viewer)}
      <span class="grow"></span>
      ${busy
        ? html`<button type="button" class="danger small" title="Stop the agent" @click=${() => viewer.steering.exec("abort")}>${icon("stop")} Stop</button>
            <button type="button" class="small" ?disabled=${isEmpty(draft)} @click=${() => void send(viewer, "steer")}>Steer</button>
            <button class="primary small" ?disabled=${isEmpty(draft)}>Follow up</button>`
        : html`<button class="primary small" aria-label="Send" ?disabled=${isEmpty(draft) || draft.sending}>${icon("send")} Send</button>`}
    </div>
  </form>`;
}

function draftOf(sessionId: string): Draft {
  let draft = drafts.get(sessionId);
  if (draft === undefined) {
    draft = { text: "", attached: [], uploading: 0, sending: false };
    drafts.set(sessionId, draft);
  }
  return draft;
}

function isEmpty(draft: Draft): boolean {
  return (draft.text.trim() === "" && draft.attached.length === 0) || draft.uploading > 0;
}

function attachedList(draft: Draft): TemplateResult {
  return html`<ul class="chips">
    ${draft.attached.map(
      (each) =>
        html`<li class="chip">
          ${each.filename} <small>${bytes(each.size)}</small>
          <button type="button" class="quiet small" aria-label=${`Remove ${each.filename}`} @click=${() => remove(draft, each)}>
            ${icon("close")}
          </button>
        </li>`,
    )}
    ${draft.uploading > 0 ? html`<li class="chip">Uploading ${draft.uploading}…</li>` : nothing}
  </ul>`;
}

function modelChoice(viewer: Viewer): TemplateResult | typeof nothing {
  const meta = feeds.meta.get(viewer.sessionId)?.["model"] as Model | null | undefined;
  const current = meta ?? feeds.sessions.get(viewer.sessionId)?.model ?? null;
  const all = viewer.transcript.models;
  const models = current !== null && !all.some((each) => same(each, current)) ? [current, ...all] : all;
  if (models.length === 0) return nothing;
  return html`<select
    class="small"
    aria-label="Model"
    @change=${(event: Event) => {
      const model = models[Number((event.target as HTMLSelectElement).value)];
      if (model) viewer.steering.setModel(model.provider, model.id);
    }}
  >
    ${models.map(
      (each, index) =>
        html`<option value=${index} .selected=${current !== null && same(each, current)}>${each.name ?? each.id}</option>`,
    )}
  </select>`;
}

function same(a: Model, b: Model): boolean {
  return a.provider === b.provider && a.id === b.id;
}

function typed(draft: Draft, area: HTMLTextAreaElement): void {
  draft.text = area.value;
  area.rows = Math.min(12, Math.max(1, area.value.split("\n").length));
  changed();
}

function key(viewer: Viewer, event: KeyboardEvent): void {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void send(viewer, viewer.transcript.busy ? (event.ctrlKey || event.metaKey ? "steer" : "followUp") : undefined);
}

async function send(viewer: Viewer, deliverAs?: "steer" | "followUp"): Promise<void> {
  const draft = draftOf(viewer.sessionId);
  if (isEmpty(draft)) return;
  const { text, attached } = draft;
  Object.assign(draft, { text: "", attached: [], sending: true });
  changed();
  const attachments = attached.map(({ attachmentId, mediaType, filename }) => ({ attachmentId, mediaType, filename }));
  const seen = viewer.transcript.messages.length;
  // The answer may come only when the run is over, so it alone frees nothing.
  setTimeout(() => {
    draft.sending = false;
    changed();
  }, 600);
  const taken = await viewer.steering.input(text, attachments, deliverAs);
  if (taken === false && viewer.transcript.messages.length === seen) {
    tell("The message did not reach the session; it is back in the field.", true);
    if (draft.text === "") Object.assign(draft, { text, attached });
  }
  changed();
}

async function attach(viewer: Viewer, files: FileList | null | undefined, event?: Event): Promise<void> {
  if (!files || files.length === 0) return;
  event?.preventDefault();
  const draft = draftOf(viewer.sessionId);
  for (const file of [...files]) {
    draft.uploading++;
    changed();
    const form = new FormData();
    form.append("files", file);
    const done = await attempt(() => post(`/api/sessions/${seg(viewer.sessionId)}/attachments`, form));
    draft.uploading--;
    for (const each of done?.attachments ?? []) {
      draft.attached.push({ attachmentId: each.attachmentId, filename: each.filename, mediaType: each.mimeType, size: each.size });
    }
    changed();
  }
}

function remove(draft: Draft, attached: Attached): void {
  draft.attached = draft.attached.filter((each) => each !== attached);
  changed();
}
