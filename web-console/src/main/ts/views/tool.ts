/** A tool call, folded: what it was asked and what came of it. */
import { html, nothing, type TemplateResult } from "lit-html";
import type { Block, Tool } from "../state/transcript.js";
import { blocks, imageView, longText } from "./message.js";
import { icon } from "./parts.js";

/** Arguments that say in a line what a call is about, the best first. */
const TELLING = ["title", "command", "path", "file_path", "pattern", "query", "url", "description"];
const LINE = 160;

/** What is no text, as text; kept, because it may be megabytes and is drawn often. */
const texts = new WeakMap<object, string>();

export function toolView(call: Block, tool: Tool | undefined): TemplateResult {
  const state = tool === undefined || tool.running ? "running" : tool.isError ? "failed" : "done";
  return html`<details class="fold tool ${state}">
    <summary>
      ${icon("tool")} <b>${call.name ?? "tool"}</b>
      <span class="ellipsis">${summary(call.arguments)}</span>
      <span class="tag ${state}">${state === "done" ? icon("check") : nothing}${state}</span>
    </summary>
    <div class="fold-body">
      ${input(call)} ${tool?.content == null ? nothing : result(tool)}
    </div>
  </details>`;
}

function input(call: Block): unknown {
  return html`<h4>Input</h4>
    ${longText(call, textOf(call, call.arguments ?? {}), (part) => html`<pre tabindex="0"><code class="language-json">${part}</code></pre>`)}`;
}

function result(tool: Tool): TemplateResult {
  return html`<h4>${tool.running ? "So far" : "Result"}</h4>
    ${blocks(tool).map((block) =>
      block.type === "image"
        ? imageView(block)
        : longText(block, block.text ?? textOf(block, block), (part) => html`<pre tabindex="0">${part}</pre>`),
    )}`;
}

function textOf(owner: object, value: unknown): string {
  const text = texts.get(owner) ?? JSON.stringify(value, null, 2);
  texts.set(owner, text);
  return text;
}

function summary(given: unknown): string {
  if (given === null || typeof given !== "object") return "";
  const values = given as Record<string, unknown>;
  const telling = TELLING.map((name) => values[name]).find((value) => typeof value === "string" && value !== "");
  return typeof telling === "string" ? telling.slice(0, LINE) : "";
}
