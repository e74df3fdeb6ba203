/** What a person tells the agent of an open session (contract sockets.md 3.3, 4.5). */
import type { Namespace, Payload } from "../net/socket.js";
import { tell } from "./app.js";

/** Works on plain HTTP as well, where browsers have no UUIDs. */
export function freshId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Steering {
  constructor(private readonly socket: Namespace) {
    socket.on("exec_result", (result) => {
      if (result["ok"] === false) tell(String(result["error"] ?? result["command"]), true);
    });
  }

  /** Whether the worker took it; `null` when nobody said. */
  async input(text: string, attachments: Payload[], deliverAs?: "steer" | "followUp"): Promise<boolean | null> {
    const payload: Payload = { text, attachments, client: "web", requestId: freshId() };
    if (deliverAs !== undefined) payload["deliverAs"] = deliverAs;
    const answer = await this.socket.ask("input", payload);
    if (answer !== null) return answer[0] === true;
    return this.socket.connected ? null : false;
  }

  /** Answers what the agent waits for. */
  async answer(words: string): Promise<void> {
    if ((await this.input(words, [])) === false) tell("The answer did not reach the session.", true);
  }

  /** Asks for a command of the worker's; whether that could be sent. */
  exec(command: string, fields: Payload = {}): boolean {
    return this.sent(this.socket.emit("exec", { ...fields, id: freshId(), command }));
  }

  setModel(provider: string, modelId: string): boolean {
    return this.sent(this.socket.emit("model_set", { provider, modelId }));
  }

  private sent(success: boolean): boolean {
    if (!success) tell("The session cannot be reached now.", true);
    return success;
  }
}
