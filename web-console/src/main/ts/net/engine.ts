/** One Engine.IO connection over a WebSocket, kept up: text packets only (contract sockets.md section 1). */
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;
const GRACE_MS = 5_000;

export type Link = "connecting" | "open" | "lost";

export interface EngineListener {
  opened(): void;
  packet(text: string): void;
  changed(): void;
}

export class Engine {
  link: Link = "connecting";
  /** When the last byte came, by {@link performance.now}. */
  lastByteAt = 0;
  retryAt = 0;

  private socket: WebSocket | null = null;
  private delay = FIRST_DELAY_MS;
  private retry = 0;
  private silence = 0;
  private patience = 45_000;
  private wanted = true;

  constructor(private readonly listener: EngineListener) {
    addEventListener("online", () => this.reconnectNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.reconnectNow();
    });
    this.connect();
  }

  send(packet: string): boolean {
    if (this.link !== "open" || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send("4" + packet);
    return true;
  }

  /** Tries at once when no connection stands. */
  reconnectNow(): void {
    if (this.wanted && this.link === "lost") {
      clearTimeout(this.retry);
      this.connect();
    }
  }

  /** Drops a connection that looks dead, and opens another. */
  replace(): void {
    this.socket?.close();
  }

  close(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    this.socket?.close();
  }

  private connect(): void {
    this.become("connecting");
    const url = new URL("/socket.io/?EIO=4&transport=websocket", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (message) => this.read(String(message.data));
    socket.onclose = () => {
      if (this.socket === socket) this.lost();
    };
    this.expectByte();
  }

  private read(data: string): void {
    this.lastByteAt = performance.now();
    this.expectByte();
    switch (data.charAt(0)) {
      case "0": {
        const opened = JSON.parse(data.slice(1)) as { pingInterval: number; pingTimeout: number };
        // A server that pings on time is heard once an interval; its timeout is meant for our answers.
        this.patience = opened.pingInterval + GRACE_MS;
        this.delay = FIRST_DELAY_MS;
        this.become("open");
        this.listener.opened();
        break;
      }
      case "2":
        this.socket?.send("3" + data.slice(1));
        break;
      case "4":
        this.listener.packet(data.slice(1));
        break;
    }
  }

  private expectByte(): void {
    clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.socket?.close(), this.patience);
  }

  private lost(): void {
    clearTimeout(this.silence);
    this.socket = null;
    if (!this.wanted) return;
    const wait = this.delay * (0.75 + Math.random() / 2);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
    this.retryAt = performance.now() + wait;
    this.retry = window.setTimeout(() => this.connect(), wait);
    this.become("lost");
  }

  private become(link: Link): void {
    this.link = link;
    this.listener.changed();
  }
}
