/** The operators' page: replicas and their figures, accounts, the last drills, the audit trail. */
import { html, nothing, type TemplateResult } from "lit-html";
import { get, seg } from "../net/rest.js";
import { attempt, changed } from "../state/app.js";
import { checkOperator, NEARLY_FULL, operator, watchReplicas, type Replica } from "../state/operator.js";
import { place } from "../state/router.js";
import { ago, exactly } from "../text/format.js";
import { chart } from "./chart.js";
import { empty, page, table } from "./parts.js";
import { quotasPanel, usedCell } from "./quotas.js";

interface User {
  id: string;
  name: string;
  email: string;
  createdAt: string;
  keys: number;
  logins: number;
  runners: number;
  sessions: number;
}

interface AuditEntry {
  at: string;
  action: string;
  account: string | null;
  subject: string;
  address: string;
  userAgent: string;
}

interface Drill {
  at: string;
  name: string;
  passed: boolean;
  backSeconds: number | null;
  longestGapSeconds: number | null;
  findings: string;
}

interface Listed<T> {
  rows: T[];
  next: string | null;
}

const CURVES: [string, string, string][] = [
  ["runners", "Runners", ""],
  ["workers", "Sessions", ""],
  ["viewers", "Viewers", ""],
  ["events", "Events", "/s"],
  ["delivery", "Worker to viewer", "ms"],
  ["commands", "Commands", "ms"],
  ["requests", "REST requests", "/s"],
  ["lag", "Consumer lag", "records"],
];

const state = {
  users: null as Listed<User> | null,
  audit: null as Listed<AuditEntry> | null,
  drills: [] as Drill[],
};

export async function loadOperator(): Promise<void> {
  if (!operator.allowed) await checkOperator();
  if (!operator.allowed) return;
  watchReplicas(() => place.page === "operator");
  await Promise.all([moreUsers(null), moreAudit(null), lastDrills()]);
}

export function operatorView(): TemplateResult {
  if (!operator.allowed) {
    return page("Operation", "", empty("For operators", "The first account operates the relay, or those that its settings name."));
  }
  return page(
    "Operation",
    "What the relay does at this moment.",
    html`<section class="charts" aria-label="Figures">
        ${CURVES.map(([name, label, unit]) => chart(label, operator.curves.get(name) ?? [], unit))}
      </section>
      ${replicasPanel()} ${usersPanel()} ${quotasPanel()} ${drillsPanel()} ${auditPanel()}`,
  );
}

function replicasPanel(): TemplateResult {
  const { replicas } = operator;
  return html`<section class="panel">
    <h2>Replicas</h2>
    ${replicas === null
      ? html`<div class="skeleton"></div>`
      : table("Replicas", ["Service", "Replica", "Version", "Started", "Last heard", "Fullest"], replicas.map(replicaRow))}
  </section>`;
}

function replicaRow(each: Replica): TemplateResult {
  const fullest = fullestBound(each);
  return html`<tr>
    <th scope="row">${each.service}</th>
    <td><code title=${each.replica}>${each.replica.slice(0, 20)}</code></td>
    <td>${each.version}</td>
    <td><time title=${exactly(each.startedAt)}>${ago(each.startedAt)}</time></td>
    <td>${Math.max(0, Math.round((Date.now() - Date.parse(each.at)) / 1000))} s ago</td>
    <td class=${fullest.share >= NEARLY_FULL ? "warning" : ""}>
      ${fullest.share < 0.01 ? "–" : `${fullest.name} ${Math.round(fullest.share * 100)} %`}
    </td>
  </tr>`;
}

/** What is nearest to its bound. */
function fullestBound(replica: Replica): { name: string; share: number } {
  const of = (name: string) => replica.figures.filter((each) => each.name === name);
  const used = new Map(of("relay_bound_used").map((each) => [each.tags["bound"], each.value]));
  return of("relay_bound_limit")
    .map((limit) => ({
      name: (limit.tags["bound"] ?? "").replaceAll("_", " "),
      share: limit.value <= 0 ? 0 : (used.get(limit.tags["bound"]) ?? 0) / limit.value,
    }))
    .reduce((most, each) => (each.share > most.share ? each : most), { name: "", share: 0 });
}

function usersPanel(): TemplateResult {
  return html`<section class="panel">
    <h2>Accounts</h2>
    ${table(
      "Accounts",
      ["Name", "Email", "Since", "Keys", "Signed in", "Runners", "Sessions"],
      (state.users?.rows ?? []).map(
        (each) => html`<tr>
          <th scope="row">${each.name}</th>
          <td>${each.email}</td>
          <td><time title=${exactly(each.createdAt)}>${ago(each.createdAt)}</time></td>
          <td>${each.keys}</td><td>${each.logins}</td>${usedCell("runners", each.runners)}${usedCell("sessions", each.sessions)}
        </tr>`,
      ),
    )}
    ${more(state.users, moreUsers)}
  </section>`;
}

function drillsPanel(): TemplateResult {
  return html`<section class="panel">
    <h2>Last drills</h2>
    ${state.drills.length === 0
      ? html`<p class="hint">Nobody has told of a fault drill yet.</p>`
      : table(
          "Last drills",
          ["When", "Fault", "Outcome", "All back after", "Longest gap"],
          state.drills.map(
            (each) => html`<tr>
              <td><time title=${exactly(each.at)}>${ago(each.at)}</time></td>
              <th scope="row">${each.name}</th>
              <td class=${each.passed ? "" : "warning"}>${each.passed ? "passed" : each.findings}</td>
              <td>${seconds(each.backSeconds)}</td><td>${seconds(each.longestGapSeconds)}</td>
            </tr>`,
          ),
        )}
  </section>`;
}

function seconds(time: number | null): string {
  return time === null ? "–" : `${time.toFixed(1)} s`;
}

function auditPanel(): TemplateResult {
  return html`<section class="panel">
    <h2>Audit trail</h2>
    ${table(
      "Audit trail",
      ["When", "What", "Whom or which key", "From", "With"],
      (state.audit?.rows ?? []).map(
        (each) => html`<tr>
          <td><time title=${exactly(each.at)}>${ago(each.at)}</time></td>
          <th scope="row" class=${each.action.endsWith("REFUSED") ? "warning" : ""}>${each.action.toLowerCase().replaceAll("_", " ")}</th>
          <td>${each.subject}</td><td>${each.address}</td>
          <td class="ellipsis" title=${each.userAgent}>${each.userAgent}</td>
        </tr>`,
      ),
    )}
    ${more(state.audit, moreAudit)}
  </section>`;
}

function more(listed: Listed<unknown> | null, load: (cursor: string | null) => Promise<void>): TemplateResult | typeof nothing {
  const next = listed?.next ?? null;
  return next === null ? nothing : html`<button class="small" @click=${() => void load(next)}>Older</button>`;
}

async function moreUsers(cursor: string | null): Promise<void> {
  const found = await attempt(() => get<{ users: User[]; nextCursor: string | null }>(`/api/operator/users${query(cursor)}`));
  if (found) state.users = joined(cursor, state.users, found.users, found.nextCursor);
  changed();
}

async function lastDrills(): Promise<void> {
  const found = await attempt(() => get<{ drills: Drill[] }>("/api/operator/drills"));
  if (found) state.drills = found.drills;
  changed();
}

async function moreAudit(cursor: string | null): Promise<void> {
  const found = await attempt(() => get<{ records: AuditEntry[]; nextCursor: string | null }>(`/api/operator/audit${query(cursor)}`));
  if (found) state.audit = joined(cursor, state.audit, found.records, found.nextCursor);
  changed();
}

function query(cursor: string | null): string {
  return cursor === null ? "" : `?cursor=${seg(cursor)}`;
}

function joined<T>(cursor: string | null, before: Listed<T> | null, rows: T[], next: string | null): Listed<T> {
  return { rows: cursor === null ? rows : [...(before?.rows ?? []), ...rows], next };
}
