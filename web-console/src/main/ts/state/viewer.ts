/** One open session over `/viewer`: snapshot, deltas in order, gaps asked for again (contract sockets.md 4.6 to 4.8). */
import type { Namespace, Payload, Sockets } from "../net/socket.js";
import { changed } from "./app.js";
import { EarlyEvents } from "./early.js";
import { Ports } from "./ports.js";
import { Steering } from "./steering.js";
import { Transcript } from "./transcript.js";

const PAGE = 50;
const GAP_MS = 4_000;
const SNAPSHOT_MS = 8_000;

export type Phase = "loading" | "live" | "ended" | "failed";
export type Recovery = "current" | "catching-up" | "caught-up" | "incomplete";

export class Viewer {
  phase: Phase = "loading";
  recovery: Recovery = "current";
  failure = "";
  replayed = false;
  /** Whether the hub has said that the session is over. */
  removed = false;
  loadingOlder = false;
  transcript = new Transcript();
  /** When the last event came, by {@link performance.now}. */
  lastEventAt = performance.now();

  readonly steering: Steering;
  readonly ports: Ports;
  private readonly socket: Namespace;
  private generation = 0;
  private cursor: number | null = null;
  private serverSeq = 0;
  private awaiting = true;
  private readonly early = new EarlyEvents();
  private timer = 0;
  private tries = 0;

  /** @param live whether the session has a worker; an ended one is replayed from what was kept */
  constructor(
    private readonly sockets: Sockets,
    readonly sessionId: string,
    readonly live: boolean,
  ) {
    this.socket = sockets
      .open("/viewer", live ? {} : { sessionId })
      .on("connect", () => this.activate())
      .on("connected", (found) => this.connected(found))
      .on("event", (envelope) => this.receive(envelope))
      .on("disconnected", (reason) => this.ended(reason))
      .on("disconnect", () => this.comeBack())
      .on("error", (problem) => this.failed(problem))
      .on("refused", () => this.failed({ message: this.socket.refusal }))
      .on("session_messages_page", (page) => this.olderPage(page));
    this.steering = new Steering(this.socket);
    this.ports = new Ports(this.socket, sessionId);
    document.addEventListener("visibilitychange", this.tellVisibility);
  }

  close(): void {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this.tellVisibility);
    this.sockets.forget(this.socket);
  }

  /** Loads the whole picture anew. */
  reload(): void {
    this.cursor = null;
    this.early.clear();
    this.awaiting = true;
    this.recovery = "current";
    // Who was refused before is let in first, and activates then.
    if (this.socket.connected || !this.live) this.activate();
    else this.socket.join();
    changed();
  }

  loadOlder(): void {
    if (this.loadingOlder || !this.transcript.hasMore || this.phase === "loading") return;
    this.loadingOlder = this.socket.emit("load_messages", {
      sessionId: this.sessionId,
      before: this.transcript.first,
      limit: PAGE,
    });
    changed();
  }

  private readonly tellVisibility = (): void => {
    this.socket.emit("viewer_visibility", { visible: !document.hidden });
  };

  private activate(): void {
    if (!this.live) return;
    this.generation++;
    const request: Payload = { sessionId: this.sessionId, generation: this.generation };
    if (this.cursor !== null) {
      request["lastSeq"] = this.cursor;
      this.recovery = "catching-up";
    }
    this.socket.emit("switch_session", request);
    this.tellVisibility();
    this.within(SNAPSHOT_MS, () => this.unanswered());
  }

  private unanswered(): void {
    if (this.cursor === null && this.tries++ >= 2) {
      this.failed({ message: "The session's state did not come." });
    } else {
      this.reload();
    }
  }

  private connected(found: Payload): void {
    if (this.stale(found)) return;
    this.serverSeq = Number(found["lastSeq"] ?? 0);
    this.transcript.busy = found["isActive"] === true;
    this.replayed = found["replayOnly"] === true;
    this.socket.emit("connected", {});
    if (!this.replayed) this.ports.ask();
    if (this.cursor !== null && this.serverSeq < this.cursor) {
      // The count began anew, so ours means nothing.
      this.reload();
    } else {
      this.settle();
    }
    changed();
  }

  private receive(envelope: Payload): void {
    if (this.stale(envelope)) return;
    this.lastEventAt = performance.now();
    const event = envelope["event"] as Payload;
    const seq = envelope["seq"] as number | undefined;
    if (seq === undefined || this.awaiting) {
      const snapshot = event["type"] === "session_active" || event["type"] === "agent_end";
      if (!this.awaiting || snapshot || event["type"] === "session_messages_chunk") {
        if (snapshot && this.awaiting) this.transcript = new Transcript();
        if (this.transcript.apply(event) && this.awaiting) this.whole(seq);
      }
    } else if (envelope["deltaReplay"] === true) {
      if (this.cursor === null || seq > this.cursor) this.take(event, seq);
    } else if (seq > this.known() + 1) {
      this.hold(envelope);
    } else if (seq > this.known()) {
      this.take(event, seq);
    }
    this.settle();
    changed();
  }

  /** Up to where nothing is missing. A snapshot reaches to the server's count, a replay only to what came of it. */
  private known(): number {
    return this.recovery === "catching-up" ? (this.cursor ?? 0) : Math.max(this.cursor ?? 0, this.serverSeq);
  }

  private whole(seq: number | undefined): void {
    this.awaiting = false;
    this.tries = 0;
    this.phase = "live";
    if (seq !== undefined) this.cursor = seq;
  }

  private take(event: Payload, seq: number): void {
    this.cursor = seq;
    this.transcript.apply(event);
  }

  /** Keeps what came too early while what is missing is asked for. */
  private hold(envelope: Payload): void {
    if (this.early.isEmpty) {
      this.cursor = this.known();
      this.recovery = "catching-up";
      this.socket.emit("resync", { lastSeq: this.cursor });
      this.within(GAP_MS, () => this.giveUpGap());
    }
    this.early.add(envelope);
  }

  private settle(): void {
    for (let next = this.early.next(this.known()); next !== null; next = this.early.next(this.known())) {
      this.take(next["event"] as Payload, next["seq"] as number);
    }
    if (!this.early.isEmpty) return;
    if (this.awaiting) return;
    if (this.recovery === "catching-up" && (this.cursor ?? 0) >= this.serverSeq) {
      clearTimeout(this.timer);
      this.recovery = "caught-up";
      this.timer = window.setTimeout(() => {
        this.recovery = "current";
        changed();
      }, GAP_MS);
    } else if (this.recovery === "current") {
      clearTimeout(this.timer);
    }
  }

  private giveUpGap(): void {
    for (const each of this.early.clear()) this.take(each["event"] as Payload, each["seq"] as number);
    this.recovery = "incomplete";
    changed();
  }

  private ended(reason: Payload): void {
    if (this.stale(reason)) return;
    if (reason["code"] === "session_reconnected") {
      this.cursor = null;
      this.awaiting = true;
    } else {
      this.phase = "ended";
      this.transcript.busy = false;
      clearTimeout(this.timer);
    }
    changed();
  }

  private comeBack(): void {
    if (this.phase === "ended" || this.phase === "failed" || !this.live) return;
    this.within(1_000, () => this.socket.join());
  }

  private failed(problem: Payload): void {
    if (this.stale(problem)) return;
    clearTimeout(this.timer);
    this.phase = "failed";
    this.failure = String(problem["message"] ?? "The session could not be opened.");
    changed();
  }

  private olderPage(page: Payload): void {
    if (this.stale(page)) return;
    this.loadingOlder = false;
    if (Number(page["oldestIndex"]) < this.transcript.first) this.transcript.prepend(page);
    changed();
  }

  private stale(message: Payload): boolean {
    const generation = message["generation"];
    const session = message["sessionId"];
    return (
      (generation !== undefined && generation !== this.generation && this.live) ||
      (session !== undefined && session !== this.sessionId)
    );
  }

  private within(milliseconds: number, late: () => void): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(late, milliseconds);
  }
}
