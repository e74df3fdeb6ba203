/** Runners as they come and go; without one, how to connect the first. */
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { post, seg } from "../net/rest.js";
import { account } from "../state/account.js";
import { attempt, tell } from "../state/app.js";
import { feeds, type Runner } from "../state/feeds.js";
import { href } from "../state/router.js";
import { demoPanel } from "./demo.js";
import { copyable, icon, page } from "./parts.js";
import { schedulesFold } from "./schedules.js";

export function homeView(): TemplateResult {
  const runners = [...feeds.runners.values()];
  if (!feeds.runnersKnown) return page("Runners", "", html`<div class="skeleton"></div>`);
  if (runners.length === 0) return firstRunner();
  return page(
    "Runners",
    "Machines that run your agents. They appear and go as they connect.",
    html`<div class="cards">${repeat(runners, (each) => each.runnerId, card)}</div>
      <details class="more">
        <summary>Connect another runner</summary>
        ${commands()}
      </details>`,
  );
}

function card(runner: Runner): TemplateResult {
  const sessions = [...feeds.sessions.values()].filter((each) => each.runnerId === runner.runnerId);
  const busy = sessions.filter((each) => each.isActive).length;
  return html`<article class="card">
    <header>
      <span class="dot ${busy > 0 ? "busy" : "idle"}"></span>
      <h2 class="ellipsis">${runner.name ?? runner.runnerId.slice(0, 8)}</h2>
      <span class="tag">${[runner.platform, runner.version].filter(Boolean).join(" · ") || "connected"}</span>
    </header>
    <p class="figures">
      <span><b>${sessions.length}</b> session${sessions.length === 1 ? "" : "s"}</span><span><b>${busy}</b> busy</span>
      <span><b>${runner.serviceIds?.length ?? 0}</b> services</span>
    </p>
    ${runner.roots.length > 0
      ? html`<p class="hint ellipsis">${icon("folder")} ${runner.roots.join(", ")}</p>`
      : nothing}
    ${(runner.panels ?? []).map(
      (each) =>
        html`<p><a target="_blank" rel="noopener" href=${`/api/tunnel/runner/${seg(runner.runnerId)}/${Number(each.port)}/`}>${each.label}</a></p>`,
    )}
    ${(runner.warnings ?? []).map((each) => html`<p class="warning">${each}</p>`)}
    ${schedulesFold(runner.runnerId)}
    <footer class="actions">
      <a class="button" href=${href("new", runner.runnerId)}>${icon("plus")} Start a session</a>
      <a class="button quiet" href=${href("files", runner.runnerId)}>${icon("folder")} Files</a>
      <button class="quiet" @click=${() => void restart(runner)}>Restart</button>
    </footer>
  </article>`;
}

function firstRunner(): TemplateResult {
  return page(
    `Welcome, ${account.user?.name ?? ""}`,
    "One step is left: connect the machine that runs your agents.",
    html`<section class="panel">${commands()}</section>
      ${demoPanel()}
      <p class="hint waiting" role="status"><span class="pulse"></span> Waiting for a runner; it appears here by itself.</p>`,
  );
}

function commands(): TemplateResult {
  return html`<ol class="steps">
    <li>
      <h3>Install the agent on that machine</h3>
      ${copyable("npm install -g @pizzapi/pizza")}
    </li>
    <li>
      <h3>Tell it where this relay is</h3>
      <p>It asks for the address below, then for your email and password.</p>
      ${copyable("pizzapi setup")} ${copyable(location.origin)}
    </li>
    <li>
      <h3>Start the runner</h3>
      ${copyable("pizzapi runner")}
    </li>
  </ol>`;
}

async function restart(runner: Runner): Promise<void> {
  if (!confirm(`Restart the runner ${runner.name ?? runner.runnerId}? Its sessions keep running.`)) return;
  if (await attempt(() => post("/api/runners/restart", { runnerId: runner.runnerId }))) tell("The runner restarts.");
}
