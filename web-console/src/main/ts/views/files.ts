/** The files of a runner: folders to walk, texts with colours, pictures. */
import { html, nothing, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { post, seg } from "../net/rest.js";
import { attempt, changed } from "../state/app.js";
import { bytes } from "../text/format.js";
import { colour } from "../text/highlight.js";
import { empty, icon, submit, text } from "./parts.js";

interface Entry {
  name: string;
  path: string;
  isDirectory: boolean;
  size?: number;
}

interface Opened {
  path: string;
  content: string;
  size: number;
  truncated: boolean;
  /** Escaped markup from the highlighter; `null` shows the text as it is. */
  coloured: string | null;
  picture: string | null;
}

const PICTURES: Record<string, string> = { png: "png", jpg: "jpeg", jpeg: "jpeg", gif: "gif", webp: "webp" };
const NAMES: Record<string, string> = { yml: "yaml", md: "markdown", sh: "bash", ts: "typescript", tsx: "typescript", js: "javascript", mjs: "javascript", py: "python", rs: "rust", kt: "kotlin", html: "xml", h: "c", cc: "cpp", hpp: "cpp", dockerfile: "dockerfile" };

const state = { runnerId: "", folder: "", entries: null as Entry[] | null, found: null as Entry[] | null, opened: null as Opened | null, root: "" };

export function filesView(runnerId: string, root: string): TemplateResult {
  if (runnerId === "") return empty("No runner", "This session is not linked to a connected runner.");
  if (state.runnerId !== runnerId || state.root !== root) {
    Object.assign(state, { runnerId, root, folder: root, entries: null, found: null, opened: null });
    void list(root);
  }
  return html`<div class="files ${state.opened ? "has-open" : ""}">
    <section class="tree" aria-label="Folder">
      <form class="row" role="search" @submit=${submit((form) => void search(text(form, "query")))}>
        <input name="query" type="search" placeholder="Find a file" aria-label="Find a file" />
      </form>
      <p class="hint ellipsis" title=${state.folder}>${state.found === null ? state.folder : "Found"}</p>
      <ul>
        ${state.found === null && state.folder !== "/"
          ? html`<li><button class="item" @click=${() => void list(parent(state.folder))}>${icon("folder")} ..</button></li>`
          : nothing}
        ${(state.found ?? state.entries ?? []).map(entry)}
        ${state.entries?.length === 0 ? html`<li class="hint">Nothing inside</li>` : nothing}
      </ul>
    </section>
    <section class="reader" aria-label="File">
      ${state.opened ? reader(state.opened) : empty("No file is open", "Choose one at the side.")}
    </section>
  </div>`;
}

function entry(each: Entry): TemplateResult {
  return html`<li>
    <button class="item ${state.opened?.path === each.path ? "current" : ""}" @click=${() => void (each.isDirectory ? list(each.path) : open(each.path))}>
      ${icon(each.isDirectory ? "folder" : "file")}<span class="ellipsis">${each.name}</span>
      ${each.isDirectory || each.size === undefined ? nothing : html`<small>${bytes(each.size)}</small>`}
    </button>
  </li>`;
}

function reader(opened: Opened): TemplateResult {
  return html`<header class="row">
      <button class="quiet small back" @click=${close}>Back</button>
      <code class="ellipsis grow" title=${opened.path}>${opened.path}</code><small>${bytes(opened.size)}</small>
    </header>
    ${opened.truncated ? html`<p class="banner warn">Only the beginning is shown.</p>` : nothing}
    ${opened.picture !== null
      ? html`<img class="picture" alt=${opened.path} src=${opened.picture} />`
      : html`<pre class="code" tabindex="0"><code>${opened.coloured === null ? opened.content : unsafeHTML(opened.coloured)}</code></pre>`}`;
}

function close(): void {
  state.opened = null;
  changed();
}

async function list(path: string): Promise<void> {
  const { runnerId } = state;
  const answer = await attempt(() => post(`/api/runners/${seg(runnerId)}/files`, { path }));
  if (answer === undefined || state.runnerId !== runnerId) return;
  Object.assign(state, { folder: path, entries: answer.files, found: null });
  changed();
}

async function search(query: string): Promise<void> {
  if (query === "") {
    state.found = null;
    changed();
    return;
  }
  const { runnerId, root: cwd } = state;
  const answer = await attempt(() => post(`/api/runners/${seg(runnerId)}/search-files`, { cwd, query }));
  if (answer && state.runnerId === runnerId) state.found = answer.files;
  changed();
}

async function open(path: string): Promise<void> {
  const { runnerId } = state;
  const ending = /([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  const picture = PICTURES[ending];
  const request = { path, encoding: picture === undefined ? "utf8" : "base64" };
  const file = await attempt(() => post(`/api/runners/${seg(runnerId)}/read-file`, request));
  if (file === undefined || state.runnerId !== runnerId) return;
  const opened: Opened = {
    path,
    content: String(file.content ?? ""),
    size: Number(file.size ?? 0),
    truncated: file.truncated === true,
    coloured: null,
    picture: picture === undefined ? null : `data:image/${picture};base64,${file.content}`,
  };
  if (picture === undefined) opened.coloured = await colour(opened.content, NAMES[ending] ?? ending);
  state.opened = opened;
  changed();
}

function parent(path: string): string {
  return path.replace(/[\\/]+[^\\/]*[\\/]?$/, "") || "/";
}
