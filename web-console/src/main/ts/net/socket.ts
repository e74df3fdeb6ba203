/** Socket.IO namespaces on one engine connection, with acknowledgements (contract sockets.md sections 1 to 3). */
import { Engine } from "./engine.js";

export type Payload = Record<string, any>;
type Handler = (payload: Payload) => void;

const ACK_MS = 12_000;

export class Namespace {
  connected = false;
  /** Why the server will not have us here, until it does. */
  refusal: string | null = null;
  private readonly handlers = new Map<string, Handler>();
  private readonly acks = new Map<number, (answer: unknown[] | null) => void>();
  private nextAck = 0;

  constructor(
    readonly name: string,
    private readonly write: (packet: string) => boolean,
    private readonly auth: Payload,
  ) {}

  on(event: string, handler: Handler): this {
    this.handlers.set(event, handler);
    return this;
  }

  emit(event: string, payload: Payload): boolean {
    return this.connected && this.write(`2${this.name},${JSON.stringify([event, payload])}`);
  }

  /** The acknowledgement's arguments; `null` when none came in time. */
  ask(event: string, payload: Payload): Promise<unknown[] | null> {
    const id = this.nextAck++;
    return new Promise((resolve) => {
      const done = (answer: unknown[] | null) => {
        clearTimeout(timer);
        this.acks.delete(id);
        resolve(answer);
      };
      const timer = window.setTimeout(() => done(null), ACK_MS);
      this.acks.set(id, done);
      if (!this.connected || !this.write(`2${this.name},${id}${JSON.stringify([event, payload])}`)) done(null);
    });
  }

  join(): void {
    this.write(`0${this.name},${JSON.stringify({ protocolVersion: 1, clientVersion: "console", ...this.auth })}`);
  }

  /** Asks to be let in again after a while, unless that has happened by then. */
  rejoinAfter(milliseconds: number): void {
    setTimeout(() => {
      if (!this.connected) this.join();
    }, milliseconds);
  }

  leave(): void {
    this.write(`1${this.name},`);
    this.gone();
  }

  gone(): void {
    this.connected = false;
    for (const done of [...this.acks.values()]) done(null);
  }

  receive(kind: string, rest: string): void {
    switch (kind) {
      case "0":
        this.connected = true;
        this.refusal = null;
        this.handlers.get("connect")?.({});
        break;
      case "1":
        this.gone();
        this.handlers.get("disconnect")?.({});
        break;
      case "2": {
        const [event, payload] = JSON.parse(rest) as [string, Payload];
        this.handlers.get(event)?.(payload ?? {});
        break;
      }
      case "3": {
        const digits = /^\d+/.exec(rest)?.[0] ?? "";
        this.acks.get(Number(digits))?.(JSON.parse(rest.slice(digits.length)) as unknown[]);
        break;
      }
      case "4":
        this.refusal = String((JSON.parse(rest) as Payload)["message"]);
        this.gone();
        this.handlers.get("refused")?.({});
        break;
    }
  }
}

export class Sockets {
  readonly engine: Engine;
  private readonly namespaces = new Map<string, Namespace>();

  constructor(onChange: () => void) {
    this.engine = new Engine({
      opened: () => this.namespaces.forEach((each) => each.join()),
      packet: (text) => this.route(text),
      changed: () => {
        if (this.engine?.link !== "open") this.namespaces.forEach((each) => each.gone());
        onChange();
      },
    });
  }

  /** A namespace that is joined now and after each reconnect; one per name at a time. */
  open(name: string, auth: Payload = {}): Namespace {
    this.namespaces.get(name)?.leave();
    const namespace = new Namespace(name, (packet) => this.engine.send(packet), auth);
    this.namespaces.set(name, namespace);
    if (this.engine.link === "open") queueMicrotask(() => namespace.join());
    return namespace;
  }

  forget(namespace: Namespace): void {
    if (this.namespaces.get(namespace.name) === namespace) {
      namespace.leave();
      this.namespaces.delete(namespace.name);
    }
  }

  close(): void {
    this.engine.close();
    this.namespaces.clear();
  }

  private route(text: string): void {
    const comma = text.indexOf(",");
    const name = comma < 0 ? text.slice(1) : text.slice(1, comma);
    this.namespaces.get(name)?.receive(text.charAt(0), comma < 0 ? "" : text.slice(comma + 1));
  }
}
