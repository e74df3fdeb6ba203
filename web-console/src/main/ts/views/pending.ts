/** What the agent waits for: answers to its questions, a word on its plan, consent. */
import { html, nothing, type TemplateResult } from "lit-html";
import { unsafeHTML } from "lit-html/directives/unsafe-html.js";
import { tell } from "../state/app.js";
import { feeds } from "../state/feeds.js";
import type { Viewer } from "../state/viewer.js";
import { markdown } from "../text/markdown.js";
import { approvalView, trustView, type Approval, type Trust } from "./consent.js";
import { submit, text } from "./parts.js";

interface Question {
  question: string;
  options?: string[];
  type?: "radio" | "checkbox" | "ranked";
}

interface Asked {
  questions?: Question[];
}

interface Plan {
  title: string;
  description?: string;
  steps?: { title: string; description?: string }[];
}

export function pending(viewer: Viewer): TemplateResult | typeof nothing {
  if (viewer.phase !== "live") return nothing;
  const waits = <T>(name: string, view: (viewer: Viewer, pending: T) => TemplateResult) => {
    const found = feeds.meta.get(viewer.sessionId)?.[name] as T | null | undefined;
    return found == null ? nothing : view(viewer, found);
  };
  return html`${waits<Asked>("pendingQuestion", questions)} ${waits<Plan>("pendingPlan", planView)}
    ${waits<Approval>("pendingApproval", approvalView)} ${waits<Trust>("pendingPluginTrust", trustView)}`;
}

function questions(viewer: Viewer, { questions: asked = [] }: Asked): TemplateResult {
  return html`<form class="ask panel" aria-label="The agent asks" @submit=${submit((form) => void answer(viewer, asked, form))}>
    <h2>The agent asks</h2>
    ${asked.map((each, index) => questionView(each, index))}
    <div class="actions end"><button class="primary">Answer</button></div>
  </form>`;
}

function questionView(asked: Question, index: number): TemplateResult {
  const many = asked.type === "checkbox" || asked.type === "ranked";
  return html`<fieldset>
    <legend>${asked.question}</legend>
    ${(asked.options ?? []).map(
      (option) =>
        html`<label class="choice"
          ><input type=${many ? "checkbox" : "radio"} name=${`choice-${index}`} value=${option} /><span>${option}</span></label
        >`,
    )}
    <input name=${`own-${index}`} placeholder="Or in your own words" aria-label=${`Own answer: ${asked.question}`} />
  </fieldset>`;
}

/** One question is answered by plain text, several by an object of texts. */
async function answer(viewer: Viewer, asked: Question[], form: FormData): Promise<void> {
  const answers = asked.map((_, index) => {
    const own = text(form, `own-${index}`);
    return own !== "" ? own : form.getAll(`choice-${index}`).map(String).join(", ");
  });
  if (answers.some((each) => each === "")) {
    tell("Each question wants an answer.", true);
    return;
  }
  const whole = JSON.stringify(Object.fromEntries(asked.map((each, index) => [each.question, answers[index]])));
  await viewer.steering.answer(asked.length === 1 ? answers[0]! : whole);
}

function planView(viewer: Viewer, plan: Plan): TemplateResult {
  const decide = (action: string) => () => void viewer.steering.answer(JSON.stringify({ action }));
  return html`<section class="ask panel" aria-label="A plan to approve">
    <h2>${plan.title}</h2>
    ${plan.description ? html`<div class="prose">${unsafeHTML(markdown(plan.description))}</div>` : nothing}
    <ol class="plan">
      ${(plan.steps ?? []).map(
        (step) => html`<li><b>${step.title}</b>${step.description ? html`<p>${step.description}</p>` : nothing}</li>`,
      )}
    </ol>
    <div class="actions">
      <button class="primary" @click=${decide("execute_keep_context")}>Approve</button>
      <button @click=${decide("execute")}>Approve, with fresh context</button>
      <button class="quiet" @click=${decide("cancel")}>Cancel the plan</button>
    </div>
    <form
      class="row"
      @submit=${submit((form) => {
        const editSuggestion = text(form, "change");
        if (editSuggestion !== "") void viewer.steering.answer(JSON.stringify({ action: "edit", editSuggestion }));
      })}
    >
      <input name="change" placeholder="Or say what to change" aria-label="What to change in the plan" />
      <button>Suggest</button>
    </form>
  </section>`;
}
