/** Who is signed in. */
import { get, post, whenSignedOut } from "../net/rest.js";
import { changed } from "./app.js";

export interface User {
  id: string;
  name: string;
  email: string;
}

export const account = {
  user: null as User | null,
  known: false,
  signupOpen: false,
};

type Listener = (user: User | null) => void;
let listener: Listener = () => {};
const tabs = new BroadcastChannel("agent-relay-account");

export function whenUserChanges(action: Listener): void {
  listener = action;
}

export async function checkAccount(): Promise<void> {
  const found = await get<{ user: User } | null>("/api/auth/get-session").catch(() => undefined);
  if (found === undefined) {
    // The relay is away: whoever was signed in still is.
    setTimeout(() => void checkAccount(), 2_000);
    return;
  }
  if (found === null) {
    account.signupOpen = await get("/api/signup-status")
      .then((status) => status.signupEnabled === true)
      .catch(() => false);
  }
  become(found?.user ?? null);
}

export async function signIn(email: string, password: string): Promise<void> {
  become((await post<{ user: User }>("/api/auth/sign-in/email", { email, password })).user);
  tabs.postMessage("changed");
}

export async function signUp(name: string, email: string, password: string): Promise<void> {
  become((await post<{ user: User }>("/api/auth/sign-up/email", { name, email, password })).user);
  tabs.postMessage("changed");
}

export async function signOut(): Promise<void> {
  await post("/api/auth/sign-out");
  tabs.postMessage("changed");
  await checkAccount();
}

export function watchAccount(): void {
  tabs.onmessage = () => void checkAccount();
  whenSignedOut(() => void checkAccount());
  addEventListener("focus", () => void checkAccount());
}

function become(user: User | null): void {
  const before = account.user?.id;
  account.user = user;
  account.known = true;
  if (before !== user?.id) listener(user);
  changed();
}
