/** What a session's events add up to: messages in order, what runs, what is being written. */
import type { Payload } from "../net/socket.js";
import type { Model } from "./feeds.js";

export interface Block {
  type: string;
  text?: string;
  thinking?: string;
  durationSeconds?: number;
  id?: string;
  name?: string;
  arguments?: unknown;
  data?: string;
  mimeType?: string;
  source?: { type?: string; url?: string; data?: string; media_type?: string; mediaType?: string };
}

export interface Message {
  role: string;
  content: Block[] | string;
  toolCallId?: string;
  isError?: boolean;
  timestamp?: number;
  stopReason?: string;
  errorMessage?: string;
  responseId?: string;
}

export interface Tool {
  running: boolean;
  isError: boolean;
  content: Block[] | string | null;
}

export class Transcript {
  messages: Message[] = [];
  /** The place of the first message within the whole session. */
  first = 0;
  hasMore = false;
  models: Model[] = [];
  busy = false;
  queued: unknown[] = [];
  readonly tools = new Map<string, Tool>();
  private writing = false;
  private chunks: { id: string; messages: Message[][] } | null = null;

  /** Takes an event in; whether that made the picture whole. */
  apply(event: Payload): boolean {
    switch (event["type"]) {
      case "session_active":
        return this.snapshot(event["state"] as Payload);
      case "session_messages_chunk":
        return this.chunk(event);
      case "agent_start":
        this.busy = true;
        break;
      case "agent_end":
        this.busy = false;
        if (Array.isArray(event["messages"])) return this.snapshot(event);
        break;
      case "heartbeat":
        this.busy = event["active"] === true;
        if (Array.isArray(event["queuedMessages"])) this.queued = event["queuedMessages"];
        break;
      case "message_start":
        this.add(event["message"] as Message);
        break;
      case "message_update":
        this.rewrite(event["message"] as Message, true);
        break;
      case "message_end":
        this.rewrite(event["message"] as Message, false);
        break;
      case "tool_execution_start":
        this.tools.set(String(event["toolCallId"]), { running: true, isError: false, content: null });
        break;
      case "tool_execution_update":
        this.tools.set(String(event["toolCallId"]), {
          running: true,
          isError: false,
          content: (event["partialResult"] as Payload | null)?.["content"] ?? null,
        });
        break;
      case "tool_execution_end":
        this.tools.set(String(event["toolCallId"]), {
          running: false,
          isError: event["isError"] === true,
          content: (event["result"] as Payload | null)?.["content"] ?? null,
        });
        break;
      case "capabilities":
        if (Array.isArray(event["models"])) this.models = event["models"] as Model[];
        break;
      case "session_metadata_update":
        this.metadata((event["metadata"] as Payload | undefined) ?? event);
        break;
    }
    return false;
  }

  prepend(page: Payload): void {
    const older = page["messages"] as Message[];
    this.messages = [...older, ...this.messages];
    this.first = Number(page["oldestIndex"]);
    this.hasMore = page["hasMore"] === true;
    older.forEach((each) => this.noteResult(each));
  }

  private snapshot(state: Payload): boolean {
    this.metadata(state);
    if (state["chunked"] === true) {
      this.chunks = { id: String(state["snapshotId"]), messages: [] };
      return false;
    }
    this.replace((state["messages"] as Message[] | undefined) ?? [], Number(state["oldestLoadedIndex"] ?? 0));
    this.hasMore = state["hasMore"] === true;
    return true;
  }

  private chunk(event: Payload): boolean {
    if (this.chunks?.id !== event["snapshotId"]) return false;
    this.chunks!.messages[Number(event["chunkIndex"])] = event["messages"] as Message[];
    for (let index = 0; index < Number(event["totalChunks"]); index++) {
      if (this.chunks!.messages[index] === undefined) return false;
    }
    this.replace(this.chunks!.messages.flat(), 0);
    this.hasMore = false;
    this.chunks = null;
    return true;
  }

  private replace(messages: Message[], first: number): void {
    // A whole snapshot after older pages were loaded keeps them in view.
    this.messages = messages;
    this.first = first;
    this.writing = false;
    this.messages.forEach((each) => this.noteResult(each));
  }

  private metadata(state: Payload): void {
    if (Array.isArray(state["availableModels"])) this.models = state["availableModels"] as Model[];
    if (Array.isArray(state["queuedMessages"])) this.queued = state["queuedMessages"];
  }

  private add(message: Message): void {
    this.messages = [...this.messages, message];
    this.writing = true;
    this.noteResult(message);
  }

  private rewrite(message: Message, more: boolean): void {
    const last = this.messages.at(-1);
    if (this.writing && last?.role === message.role) {
      this.messages[this.messages.length - 1] = message;
    } else if (more) {
      // The start was not seen.
      this.add(message);
    }
    this.writing = more;
    this.noteResult(message);
  }

  private noteResult(message: Message): void {
    if (message.role === "toolResult" && message.toolCallId !== undefined) {
      this.tools.set(message.toolCallId, {
        running: false,
        isError: message.isError === true,
        content: message.content,
      });
    }
  }
}
