/** Events that came before others that are missing. */
import type { Payload } from "../net/socket.js";

const KEPT = 2_000;

export class EarlyEvents {
  private envelopes: Payload[] = [];

  get isEmpty(): boolean {
    return this.envelopes.length === 0;
  }

  /** Kept by number; beyond the bound the newest is given up, and asked for again later. */
  add(envelope: Payload): void {
    if (this.envelopes.length < KEPT) this.envelopes.push(envelope);
    this.envelopes.sort((a, b) => a["seq"] - b["seq"]);
  }

  /** The event after that number; `null` while it is missing. */
  next(known: number): Payload | null {
    while (this.envelopes[0] !== undefined && this.envelopes[0]["seq"] <= known) this.envelopes.shift();
    return this.envelopes[0]?.["seq"] === known + 1 ? (this.envelopes.shift() ?? null) : null;
  }

  clear(): Payload[] {
    const all = this.envelopes;
    this.envelopes = [];
    return all;
  }
}
