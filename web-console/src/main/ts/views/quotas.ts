/** What one account may have, as the services say that count it, and how much they have refused. */
import { html, type TemplateResult } from "lit-html";
import { NEARLY_FULL, operator } from "../state/operator.js";
import { bytes } from "../text/format.js";
import { table } from "./parts.js";

interface Quota {
  name: string;
  label: string;
  service: string;
  show: (amount: number) => string;
}

const number = new Intl.NumberFormat();
const plain = (amount: number): string => number.format(amount);

const QUOTAS: Quota[] = [
  { name: "runners", label: "Runners", service: "runner-gateway", show: plain },
  { name: "sessions", label: "Live sessions", service: "runner-gateway", show: plain },
  { name: "viewers", label: "Viewers", service: "runner-gateway", show: plain },
  { name: "events", label: "Events a second, on each gateway", service: "runner-gateway", show: plain },
  { name: "tunnel_bytes", label: "Through tunnels, in a window", service: "tunnel-service", show: bytes },
  { name: "attachment_bytes", label: "Attachments", service: "session-service", show: bytes },
  { name: "webhooks", label: "Webhooks", service: "webhook-service", show: plain },
];

export function quotasPanel(): TemplateResult {
  const bounded = QUOTAS.flatMap((quota) => {
    const limit = limitOf(quota.name);
    return limit === null ? [] : [{ ...quota, limit }];
  });
  return html`<section class="panel">
    <h2>Quotas</h2>
    ${operator.replicas === null
      ? html`<div class="skeleton"></div>`
      : bounded.length === 0
        ? html`<p class="hint">None is set: an account may have as much as there is room for.</p>`
        : table(
            "Quotas",
            ["What", "One account may have", "Refused so far"],
            bounded.map(
              (each) => html`<tr>
                <th scope="row">${each.label}</th><td>${each.show(each.limit)}</td><td>${plain(refusalsOf(each.name))}</td>
              </tr>`,
            ),
          )}
  </section>`;
}

/** What an account uses, beside its quota where there is one. */
export function usedCell(name: string, used: number): TemplateResult {
  const limit = limitOf(name);
  return limit === null
    ? html`<td>${used}</td>`
    : html`<td class=${used >= limit * NEARLY_FULL ? "warning" : ""}>${used} of ${plain(limit)}</td>`;
}

/** Replicas differ only while settings are being changed. */
function limitOf(name: string): number | null {
  const service = QUOTAS.find((each) => each.name === name)?.service;
  const limits = figures("relay_quota_limit", name, service);
  return limits.length === 0 ? null : Math.max(...limits);
}

function refusalsOf(name: string): number {
  return figures("relay_quota_refusals_total", name).reduce((sum, each) => sum + each, 0);
}

function figures(figure: string, quota: string, service?: string): number[] {
  return (operator.replicas ?? [])
    .filter((each) => service === undefined || each.service === service)
    .flatMap((each) => each.figures)
    .filter((each) => each.name === figure && each.tags["quota"] === quota)
    .map((each) => each.value);
}
