/** One message: its text as Markdown, its thinking and tool calls folded. */
import { html, nothing, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { changed } from "../state/app.js";
import type { Block, Message, Transcript } from "../state/transcript.js";
import { bytes, exactly } from "../text/format.js";
import { markdown } from "../text/markdown.js";
import { icon } from "./parts.js";
import { toolView } from "./tool.js";

const CUT = 40_000;
const PIECE = 32_000;
const SAFE_IMAGE = /^image\/(png|jpeg|gif|webp|avif|bmp)$/;
const shownWhole = new WeakSet<object>();

export function messageView(transcript: Transcript, message: Message, at: number): TemplateResult | typeof nothing {
  switch (message.role) {
    case "user":
      return html`<article class="message user" data-at=${at} aria-label="You">
        <div class="bubble" title=${message.timestamp === undefined ? "" : exactly(message.timestamp)}>
          ${blocks(message).map((block) => blockView(transcript, block))}
        </div>
      </article>`;
    case "assistant":
      return html`<article class="message assistant" data-at=${at} aria-label="Agent">
        ${blocks(message).map((block) => blockView(transcript, block))} ${ending(message)}
      </article>`;
    // Results are shown with their calls, and the system's prompt is nobody's message.
    case "toolResult":
    case "system":
      return nothing;
    default:
      return html`<article class="message note" data-at=${at}>
        <small class="hint">${message.role}</small>
        ${blocks(message).map((block) => blockView(transcript, block))}
      </article>`;
  }
}

export function blocks(message: { content: Block[] | string | null }): Block[] {
  const { content } = message;
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return Array.isArray(content) ? content : [];
}

/** Long text is cut until somebody wants all of it, and then shown as it is. */
export function longText(owner: object, text: string, show: (text: string) => unknown): unknown {
  if (text.length <= CUT) return show(text);
  if (shownWhole.has(owner)) return html`<pre class="plain" tabindex="0">${pieces(text)}</pre>`;
  return html`${show(text.slice(0, CUT / 4))}
    <button class="show-all" @click=${() => showWhole(owner)}>Show all ${bytes(text.length)}</button>`;
}

/** Parts that a browser lays out when they come into view; they end with a line where one is near. */
function pieces(text: string): TemplateResult[] {
  const parts: TemplateResult[] = [];
  for (let at = 0; at < text.length; ) {
    const line = text.slice(at + PIECE, at + 2 * PIECE).indexOf("\n");
    const end = at + PIECE + line + 1;
    parts.push(html`<span class="piece">${text.slice(at, end)}</span>`);
    at = end;
  }
  return parts;
}

export function imageView(block: Block): TemplateResult {
  const { source } = block;
  const type = block.mimeType ?? source?.media_type ?? source?.mediaType ?? "image/png";
  const data = block.data ?? source?.data;
  const kept = source?.url ?? "";
  const address =
    data !== undefined && SAFE_IMAGE.test(type)
      ? `data:${type};base64,${data.replace(/^data:[^,]*,/, "")}`
      : /^\/api\/attachments\/[\w-]+$/.test(kept)
        ? kept
        : null;
  return address === null
    ? html`<p class="hint">An image that cannot be shown here</p>`
    : html`<img class="picture" loading="lazy" alt="Image of the conversation" src=${address} />`;
}

function blockView(transcript: Transcript, block: Block): unknown {
  switch (block.type) {
    case "text":
      return longText(block, block.text ?? "", (text) => html`<div class="prose">${unsafeHTML(markdown(text))}</div>`);
    case "thinking":
      return thinkingView(block);
    case "toolCall":
      return toolView(block, transcript.tools.get(block.id ?? ""));
    case "image":
      return imageView(block);
    default:
      return html`<p class="hint">${block.type}</p>`;
  }
}

function thinkingView(block: Block): TemplateResult | typeof nothing {
  if (!block.thinking) return nothing;
  const seconds = block.durationSeconds;
  return html`<details class="fold thinking">
    <summary>${icon("bulb")} ${seconds === undefined ? "Thinking" : `Thought for ${seconds} s`}</summary>
    <div class="prose">${longText(block, block.thinking, (text) => unsafeHTML(markdown(text)))}</div>
  </details>`;
}

function ending(message: Message): TemplateResult | typeof nothing {
  if (message.stopReason === "aborted") return html`<p class="hint">Stopped here</p>`;
  if (message.stopReason === "error") {
    return html`<p class="warning">${message.errorMessage ?? "The model failed to answer."}</p>`;
  }
  return nothing;
}

function showWhole(owner: object): void {
  shownWhole.add(owner);
  changed();
}
