/** What operators see: the replicas' reports, kept for a few minutes so that they can be drawn as curves. */
import { get } from "../net/rest.js";
import { changed } from "./app.js";

export interface Figure {
  name: string;
  tags: Record<string, string>;
  value: number;
}

export interface Replica {
  service: string;
  replica: string;
  version: string;
  startedAt: string;
  at: string;
  figures: Figure[];
}

/** A value over time; a point where nothing was known is null. */
export type Curve = (number | null)[];

/** From here on, an operator should look at what fills up. */
export const NEARLY_FULL = 0.8;

const POINTS = 60;
const EVERY_MS = 5_000;

export const operator = {
  allowed: false,
  replicas: null as Replica[] | null,
  curves: new Map<string, Curve>(),
};

let timer: ReturnType<typeof setTimeout> | undefined;
let before = new Map<string, Replica>();

export async function checkOperator(): Promise<void> {
  operator.allowed = await get<{ operator: boolean }>("/api/operator").then(
    (found) => found.operator,
    () => operator.allowed,
  );
  changed();
}

/** Asks for the reports every few seconds for as long as somebody looks. */
export function watchReplicas(isShown: () => boolean): void {
  if (timer !== undefined) return;
  const tick = async (): Promise<void> => {
    timer = undefined;
    if (!isShown()) return;
    const found = await get<{ replicas: Replica[] }>("/api/operator/replicas").catch(() => null);
    if (found !== null) take(found.replicas);
    // Two ticks may have crossed when the page was left and entered again.
    timer ??= setTimeout(() => void tick(), EVERY_MS);
  };
  timer = setTimeout(() => void tick(), 0);
}

export function forgetOperator(): void {
  Object.assign(operator, { allowed: false, replicas: null });
  operator.curves.clear();
  before = new Map();
}

function take(replicas: Replica[]): void {
  operator.replicas = replicas;
  point("runners", gauge(replicas, "relay_connections", "/runner"));
  point("workers", gauge(replicas, "relay_connections", "/relay"));
  point("viewers", gauge(replicas, "relay_connections", "/viewer"));
  point("events", rate(replicas, "relay_events_total"));
  point("delivery", mean(replicas, "relay_delivery_latency_seconds"));
  point("commands", mean(replicas, "relay_commands_seconds"));
  point("requests", rate(replicas, "relay_requests_seconds_count"));
  point("lag", gauge(replicas, "relay_consumer_lag"));
  before = new Map(replicas.map((each) => [key(each), each]));
  changed();
}

function point(name: string, value: number | null): void {
  const curve = operator.curves.get(name) ?? [];
  curve.push(value);
  operator.curves.set(name, curve.slice(-POINTS));
}

/** The sum of a figure over all replicas. */
function gauge(replicas: Replica[], name: string, namespace?: string): number {
  return replicas.reduce((sum, each) => sum + total(each, name, namespace), 0);
}

/** How much a count has grown in a second, since the reports before. */
function rate(replicas: Replica[], name: string): number | null {
  let grown: number | null = null;
  for (const now of replicas) {
    const then = before.get(key(now));
    const seconds = then === undefined ? 0 : (Date.parse(now.at) - Date.parse(then.at)) / 1000;
    if (then !== undefined && seconds > 0) grown = (grown ?? 0) + growth(then, now, name) / seconds;
  }
  return grown;
}

/** The mean of a time in milliseconds, of what was measured since the reports before. */
function mean(replicas: Replica[], name: string): number | null {
  let seconds = 0;
  let times = 0;
  for (const now of replicas) {
    const then = before.get(key(now));
    if (then === undefined) continue;
    seconds += growth(then, now, `${name}_sum`);
    times += growth(then, now, `${name}_count`);
  }
  return times === 0 ? null : (seconds / times) * 1000;
}

function growth(then: Replica, now: Replica, name: string): number {
  return Math.max(0, total(now, name) - total(then, name));
}

function total(replica: Replica, name: string, namespace?: string): number {
  return replica.figures
    .filter((each) => each.name === name && (namespace === undefined || each.tags["namespace"] === namespace))
    .reduce((sum, each) => sum + each.value, 0);
}

function key(replica: Replica): string {
  return `${replica.service}/${replica.replica}/${replica.startedAt}`;
}
