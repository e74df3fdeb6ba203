/** The demo runner, which only the launcher on one's own machine can start. */
import { html, nothing, type TemplateResult } from "lit-html";
import { get, post } from "../net/rest.js";
import { attempt, changed } from "../state/app.js";

const DEMO = "/local/demo-runner";
let demo: "unknown" | "none" | "there" | "starting" = "unknown";

export function demoPanel(): TemplateResult | typeof nothing {
  if (demo === "unknown") void lookForDemo();
  if (demo !== "there" && demo !== "starting") return nothing;
  return html`<section class="panel">
    <h2>Only looking around?</h2>
    <p>A demo runner has a scripted agent that shows everything without a model.</p>
    <div class="actions">
      <button class="primary" ?disabled=${demo === "starting"} @click=${() => void startDemo()}>
        ${demo === "starting" ? "Starting…" : "Start the demo runner"}
      </button>
    </div>
  </section>`;
}

async function lookForDemo(): Promise<void> {
  demo = "none";
  demo = await get<{ available: boolean }>(DEMO).then(
    (found) => (found.available === true ? "there" : "none"),
    () => "none",
  );
  changed();
}

async function startDemo(): Promise<void> {
  demo = "starting";
  changed();
  const key = await attempt(() => post<{ key: string }>("/api/auth/api-key/create", { name: "demo runner" }));
  const started = key && (await attempt(() => post(DEMO, { apiKey: key.key })));
  if (!started) demo = "there";
  changed();
}
