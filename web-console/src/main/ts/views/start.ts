/** Starts a session: which runner, which folder, which model, what to do. */
import { html, nothing, type TemplateResult } from "lit-html";
import { get, post, seg } from "../net/rest.js";
import { attempt, changed } from "../state/app.js";
import { feeds, type Model } from "../state/feeds.js";
import { expectSession } from "../state/live.js";
import { go, place } from "../state/router.js";
import { shortPath } from "../text/format.js";
import { empty, field, icon, page, submit, text } from "./parts.js";

interface Form {
  runnerId: string;
  cwd: string;
  model: string;
  recent: string[];
  models: Model[];
  browsing: { path: string; folders: { name: string; path: string }[] } | null;
  busy: boolean;
}

const form: Form = { runnerId: "", cwd: "", model: "", recent: [], models: [], browsing: null, busy: false };

export function startView(): TemplateResult {
  const runners = [...feeds.runners.values()];
  if (feeds.runnersKnown && runners.length === 0) {
    return page("New session", "", empty("No runner is connected", "Connect one first; Runners tells how."));
  }
  const wanted = feeds.runners.has(form.runnerId) ? form.runnerId : feeds.runners.has(place.id) ? place.id : (runners[0]?.runnerId ?? "");
  if (wanted !== form.runnerId) void choose(wanted);
  return page(
    "New session",
    "An agent starts on the runner and shows up here within seconds.",
    html`<form class="panel form" @submit=${submit((data) => void start(data))}>
      ${field(
        "Runner",
        html`<select name="runner" @change=${(event: Event) => void choose((event.target as HTMLSelectElement).value)}>
          ${runners.map(
            (each) =>
              html`<option value=${each.runnerId} ?selected=${each.runnerId === form.runnerId}>
                ${each.name ?? each.runnerId}
              </option>`,
          )}
        </select>`,
      )}
      <div class="field">
        <span id="folder-label">Folder</span>
        <div class="row">
          <input
            name="cwd"
            aria-labelledby="folder-label"
            .value=${form.cwd}
            placeholder="The runner's default"
            @input=${(event: Event) => (form.cwd = (event.target as HTMLInputElement).value)}
          />
          <button type="button" @click=${() => void browse(form.cwd || feeds.runners.get(form.runnerId)?.roots[0] || "/")}>
            ${icon("folder")} Browse
          </button>
        </div>
        ${form.recent.length > 0 ? html`<div class="chips" role="group" aria-label="Recent folders">${form.recent.slice(0, 6).map(recentChip)}</div>` : nothing}
        ${browser()}
      </div>
      ${field(
        "Model",
        html`<select name="model" @change=${(event: Event) => (form.model = (event.target as HTMLSelectElement).value)}>
          <option value="">The runner's default</option>
          ${form.models.map((each) => {
            const value = `${each.provider}/${each.id}`;
            return html`<option value=${value} ?selected=${value === form.model}>${each.name ?? each.id} · ${each.provider}</option>`;
          })}
        </select>`,
      )}
      ${field(
        "Prompt",
        html`<textarea name="prompt" rows="5" placeholder="What should the agent do? You can also say it later."></textarea>`,
      )}
      <div class="actions end">
        <button class="primary" ?disabled=${form.busy || form.runnerId === ""}>
          ${form.busy ? "Starting…" : "Start session"}
        </button>
      </div>
    </form>`,
  );
}

function recentChip(folder: string): TemplateResult {
  return html`<button type="button" class="chip" title=${folder} @click=${() => pick(folder)}>${shortPath(folder)}</button>`;
}

function browser(): TemplateResult | typeof nothing {
  const found = form.browsing;
  if (found === null) return nothing;
  const parent = found.path.replace(/[\\/][^\\/]*[\\/]?$/, "") || "/";
  return html`<div class="browser" role="group" aria-label="Folders of the runner">
    <header class="row">
      <code class="ellipsis">${found.path}</code>
      <button type="button" class="primary small" @click=${() => pick(found.path)}>Use this folder</button>
    </header>
    <ul>
      ${found.path === "/" ? nothing : html`<li><button type="button" class="item" @click=${() => void browse(parent)}>${icon("folder")} ..</button></li>`}
      ${found.folders.map(
        (each) =>
          html`<li><button type="button" class="item" @click=${() => void browse(each.path)}>${icon("folder")} ${each.name}</button></li>`,
      )}
      ${found.folders.length === 0 ? html`<li class="hint">No folders inside</li>` : nothing}
    </ul>
  </div>`;
}

function pick(folder: string): void {
  form.cwd = folder;
  form.browsing = null;
  changed();
}

async function browse(path: string): Promise<void> {
  const runner = `/api/runners/${seg(form.runnerId)}`;
  const found = await attempt(() => get(`${runner}/browse?path=${seg(path)}`));
  if (found) form.browsing = { path, folders: found.directories };
  changed();
}

async function choose(runnerId: string): Promise<void> {
  Object.assign(form, { runnerId, recent: [], models: [], browsing: null });
  if (runnerId === "") return;
  const runner = `/api/runners/${seg(runnerId)}`;
  void get(`${runner}/recent-folders`).then(({ folders }) => {
    if (form.runnerId !== runnerId) return;
    form.recent = folders;
    if (form.cwd === "") form.cwd = folders[0] ?? "";
    changed();
  }, changed);
  void get(`${runner}/models`).then(({ models }) => {
    if (form.runnerId === runnerId) form.models = models;
    changed();
  }, changed);
}

async function start(data: FormData): Promise<void> {
  form.busy = true;
  changed();
  const slash = form.model.indexOf("/");
  const request: Record<string, unknown> = { runnerId: form.runnerId, prompt: text(data, "prompt") };
  if (form.cwd.trim() !== "") request["cwd"] = form.cwd.trim();
  if (slash > 0) request["model"] = { provider: form.model.slice(0, slash), id: form.model.slice(slash + 1) };
  const started = await attempt(() => post<{ sessionId: string }>("/api/runners/spawn", request));
  form.busy = false;
  if (started) {
    expectSession(started.sessionId);
    go("session", started.sessionId);
  }
  changed();
}
