/** A terminal on the runner; the emulator is loaded when the first is opened. */
import { html, type TemplateResult } from "lit-html";
import { ref } from "lit-html/directives/ref.js";
import { post } from "../net/rest.js";
import { attempt, changed } from "../state/app.js";
import { live } from "../state/live.js";
import type { Screen } from "./screen.js";

interface Terminal {
  runnerId: string;
  cwd: string;
  note: string;
  screen: Screen | null;
}

let terminal: Terminal | null = null;
let frame: HTMLElement | null = null;

export function terminalView(runnerId: string, cwd: string): TemplateResult {
  if (terminal !== null && (terminal.runnerId !== runnerId || terminal.cwd !== cwd)) closeTerminal();
  return html`<section class="terminal-page" aria-label="Terminal">
    <header class="row">
      <span class="hint grow ellipsis">${terminal?.note ?? "A shell on the runner, in the session's folder"}</span>
      ${terminal === null
        ? html`<button class="primary small" @click=${() => start(runnerId, cwd)}>Open a terminal</button>`
        : html`<small class="hint">Ctrl+F6 leaves it</small><button class="small" id="close-terminal" @click=${closeTerminal}>Close</button>`}
    </header>
    <div class="terminal" ${ref(mount)}></div>
  </section>`;
}

export function closeTerminal(): void {
  terminal?.screen?.dispose();
  terminal = null;
  changed();
}

function start(runnerId: string, cwd: string): void {
  if (frame === null) return;
  terminal = { runnerId, cwd, note: "Asking the runner…", screen: null };
  void open(terminal, frame);
  changed();
}

function mount(element: Element | undefined): void {
  frame = (element as HTMLElement | undefined) ?? null;
  // When the page is left, the shell goes with it.
  if (frame === null && terminal !== null) queueMicrotask(closeTerminal);
}

async function open(opening: Terminal, element: HTMLElement): Promise<void> {
  const answer = await attempt(() => post("/api/runners/terminal", { runnerId: opening.runnerId, cwd: opening.cwd }));
  const sockets = live.sockets;
  if (answer === undefined || sockets === null || terminal !== opening) {
    if (terminal === opening) closeTerminal();
    return;
  }
  const { Screen } = await import("./screen.js");
  const tell = (note: string): void => {
    opening.note = note;
    changed();
  };
  const leave = (): void => document.getElementById("close-terminal")?.focus();
  opening.screen = new Screen(sockets, String(answer.terminalId), element, tell, leave);
}
