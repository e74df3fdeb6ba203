/** Sign in and, while it is open, sign up. */
import { html, nothing, type TemplateResult } from "lit-html";
import { account, signIn, signUp } from "../state/account.js";
import { attempt, changed } from "../state/app.js";
import { field, submit, text } from "./parts.js";

let creating: boolean | null = null;
let busy = false;

export function signView(): TemplateResult {
  const isNew = account.signupOpen && (creating ?? true);
  return html`<main class="sign">
    <div class="sign-card">
      <div class="brand large"><span class="mark" aria-hidden="true"></span>Agent Relay</div>
      <h1>${isNew ? "Create your account" : "Sign in"}</h1>
      <p class="lead">
        ${isNew ? "It stays on this relay." : "Your agents, live, wherever they run."}
      </p>
      <form @submit=${submit((form) => void enter(form, isNew))}>
        ${isNew ? field("Name", html`<input name="name" autocomplete="name" required />`) : nothing}
        ${field("Email", html`<input name="email" type="email" autocomplete="username" required />`)}
        ${field(
          "Password",
          html`<input
            name="password"
            type="password"
            minlength=${isNew ? 8 : 1}
            autocomplete=${isNew ? "new-password" : "current-password"}
            required
          />`,
          isNew ? "8 characters or more, with upper case, lower case and a digit" : "",
        )}
        <button class="primary wide" ?disabled=${busy}>${isNew ? "Create account" : "Sign in"}</button>
      </form>
      ${account.signupOpen
        ? html`<button class="link" @click=${() => toggle(!isNew)}>
            ${isNew ? "I have an account" : "Create an account"}
          </button>`
        : nothing}
      <p class="hint">
        The relay is running. Signed in, you see how to connect a runner.
        <a href="/api/docs">Its interface</a> is described for programs too.
      </p>
    </div>
  </main>`;
}

function toggle(value: boolean): void {
  creating = value;
  changed();
}

async function enter(form: FormData, isNew: boolean): Promise<void> {
  busy = true;
  changed();
  const email = text(form, "email");
  const password = String(form.get("password") ?? "");
  await attempt(() => (isNew ? signUp(text(form, "name"), email, password) : signIn(email, password)));
  busy = false;
  changed();
}
