/** Ports of the runner that a session has exposed (contract tunnel.md 8). */
import type { Namespace, Payload } from "../net/socket.js";
import { changed } from "./app.js";
import { freshId } from "./steering.js";

const SERVICE = "tunnel";

export class Ports {
  /** Their names by number; a port without one has an empty name. */
  readonly exposed = new Map<number, string>();

  constructor(
    private readonly socket: Namespace,
    sessionId: string,
  ) {
    socket.on("service_message", (message) => {
      if (message["serviceId"] === SERVICE && message["sessionId"] === sessionId) this.take(message);
    });
  }

  /** Asks the runner for all of them. */
  ask(): void {
    this.socket.emit("service_message", { serviceId: SERVICE, type: "tunnel_list", requestId: freshId(), payload: {} });
  }

  private take(message: Payload): void {
    const payload = message["payload"] as Payload;
    switch (message["type"]) {
      case "tunnel_list_result":
        this.exposed.clear();
        (payload["tunnels"] as Payload[]).forEach((each) => this.add(each));
        break;
      case "tunnel_registered":
        this.add(payload);
        break;
      case "tunnel_removed":
        this.exposed.delete(Number(payload["port"]));
        break;
      default:
        return;
    }
    changed();
  }

  private add(tunnel: Payload): void {
    // Pinned ones are panels of the runner's services, which are shown with the runner.
    if (tunnel["pinned"] !== true) this.exposed.set(Number(tunnel["port"]), String(tunnel["name"] ?? ""));
  }
}
