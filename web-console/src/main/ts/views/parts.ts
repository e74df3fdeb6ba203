/** Small pieces that every page uses. */
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { tell } from "../state/app.js";

const PATHS = {
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  menu: "M4 7h16M4 12h16M4 17h16",
  folder: "M3 7a2 2 0 0 1 2-2h4l2 2h8a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7 7h10v10H7z",
  clip: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.5 3.5 0 0 1 5 5l-8.5 8.5a2 2 0 0 1-3-3L14 7",
  tool: "M14.5 6a4 4 0 0 0-5 5L4 16.500l3.500 3.500L13 14.500a4 4 0 0 0 5-5l-2.500 2.500-2.500-2.500z",
  bolt: "M13 3L5 14h6l-1 7 8-11h-6z",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.600 5.600l2.100 2.100M16.300 16.300l2.100 2.100M5.600 18.400l2.100-2.100M16.300 7.700l2.100-2.100",
  home: "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
  machine: "M4 5h16v10H4zM8 20h8M12 15v5",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  bulb: "M9 18h6M10 21h4M12 3a6 6 0 0 0-4 10.500c.7.700 1 1.500 1 2.500h6c0-1 .3-1.800 1-2.500A6 6 0 0 0 12 3z",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12l5 5L20 7",
  down: "M6 9l6 6 6-6",
} as const;

export function icon(name: keyof typeof PATHS): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${PATHS[name]} />`}</svg>`;
}

export function field(label: string, control: TemplateResult, hint: string = ""): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span>${control}${hint === "" ? nothing : html`<small>${hint}</small>`}</label
  >`;
}

/** Text to copy, with a button that does. */
export function copyable(text: string): TemplateResult {
  return html`<div class="copyable">
    <pre tabindex="0"><code>${text}</code></pre>
    <button class="quiet small" @click=${() => void copy(text)} aria-label="Copy" title="Copy">${icon("copy")}</button>
  </div>`;
}

export function empty(title: string, text: string): TemplateResult {
  return html`<div class="empty"><strong>${title}</strong><p>${text}</p></div>`;
}

/** A table that may be wider than its place; without a mouse it is scrolled by keys. */
export function table(label: string, heads: string[], rows: unknown): TemplateResult {
  return html`<div class="table" role="region" tabindex="0" aria-label=${label}><table>
    <thead><tr>${heads.map((each) => html`<th scope="col">${each}</th>`)}</tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}

export function page(title: string, lead: string, body: unknown, actions: unknown = nothing): TemplateResult {
  return html`<div class="page">
    <header class="page-head">
      <div><h1>${title}</h1>${lead === "" ? nothing : html`<p class="lead">${lead}</p>`}</div>
      <div class="actions">${actions}</div>
    </header>
    ${body}
  </div>`;
}

export function submit(action: (form: FormData, element: HTMLFormElement) => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    const element = event.currentTarget as HTMLFormElement;
    action(new FormData(element), element);
  };
}

export const text = (form: FormData, name: string): string => String(form.get(name) ?? "").trim();

async function copy(value: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(value);
    tell("Copied");
  } catch {
    tell("The browser does not let pages copy here.", true);
  }
}
