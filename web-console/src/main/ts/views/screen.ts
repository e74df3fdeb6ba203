/** The emulator and its socket (contract sockets.md 3.6, 4.13). */
import { Terminal } from "xterm";
import type { Namespace, Sockets } from "../net/socket.js";

const CELL = { width: 8.5, height: 18 };

export class Screen {
  private readonly emulator: Terminal;
  private readonly socket: Namespace;
  private readonly resizing: ResizeObserver;

  constructor(
    private readonly sockets: Sockets,
    private readonly terminalId: string,
    private readonly element: HTMLElement,
    tell: (note: string) => void,
    leave: () => void,
  ) {
    this.emulator = new Terminal({
      fontFamily: "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
      fontSize: 14,
      theme: { background: "#14171c", foreground: "#e6e8ea" },
      screenReaderMode: true,
    });
    this.emulator.open(element);
    // All other keys, Tab included, are the shell's; somebody without a mouse must get out as well.
    this.emulator.attachCustomKeyEventHandler((event) => {
      if (!event.ctrlKey || event.key !== "F6") return true;
      if (event.type === "keydown") leave();
      return false;
    });
    this.emulator.onData((typed) => this.emit("terminal_input", { data: encode(typed) }));
    this.socket = sockets
      .open("/terminal", { terminalId })
      .on("terminal_connected", () => {
        tell("Connected");
        this.fit();
        this.emulator.focus();
      })
      .on("terminal_data", ({ data }) => this.emulator.write(decode(String(data))))
      .on("terminal_exit", ({ exitCode }) => tell(`The shell ended with ${exitCode}.`))
      .on("terminal_error", ({ message }) => tell(String(message)))
      .on("refused", () => tell(this.socket.refusal ?? "Refused"));
    this.resizing = new ResizeObserver(() => this.fit());
    this.resizing.observe(element);
  }

  dispose(): void {
    this.emit("kill_terminal", {});
    this.resizing.disconnect();
    this.sockets.forget(this.socket);
    this.emulator.dispose();
    this.element.replaceChildren();
  }

  private fit(): void {
    const cell = this.element.querySelector(".xterm-screen")?.getBoundingClientRect();
    const width = cell && cell.width > 0 ? cell.width / this.emulator.cols : CELL.width;
    const height = cell && cell.height > 0 ? cell.height / this.emulator.rows : CELL.height;
    const cols = Math.max(20, Math.floor((this.element.clientWidth - 24) / width));
    const rows = Math.max(6, Math.floor((this.element.clientHeight - 16) / height));
    this.emulator.resize(cols, rows);
    this.emit("terminal_resize", { cols, rows });
  }

  private emit(event: string, payload: Record<string, unknown>): void {
    this.socket?.emit(event, { terminalId: this.terminalId, ...payload });
  }
}

function encode(typed: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(typed)));
}

function decode(data: string): Uint8Array {
  return Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
}
