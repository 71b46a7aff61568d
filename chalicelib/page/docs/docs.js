// The API, from the document that the service itself makes. Nothing about a route is
// written here: what openapi.json says is shown.

import { $, el } from "../kit/dom.js";

const METHODS = ["get", "post", "put", "patch", "delete", "head"];
// What a schema says beside its type, in words.
const LIMITS = {
  minLength: (n) => `at least ${n} characters`,
  maxLength: (n) => `at most ${n} characters`,
  minimum: (n) => `from ${n}`,
  maximum: (n) => `to ${n}`,
  minItems: (n) => `at least ${n}`,
  maxItems: (n) => `at most ${n}`,
  uniqueItems: () => "no two alike",
  default: (value) => `default ${value}`,
  pattern: (text) => text,
};
const MOST_CHOICES = 12;

/** Follows `$ref`, as often as it takes. */
function resolved(whole, part) {
  while (part?.$ref) {
    const keys = part.$ref.slice(2).split("/");
    part = keys.reduce((found, key) => found[key.replaceAll("~1", "/")], whole);
  }
  return part;
}

/** A sentence in which `this` is code. */
const prose = (text) => text.split("`").map((piece, n) => (n % 2 ? el("code", {}, piece) : piece));

function typeOf(whole, given) {
  const schema = resolved(whole, given);
  if (given.$ref) return given.$ref.split("/").at(-1);
  if ("const" in schema) return JSON.stringify(schema.const);
  const names = [schema.type ?? "any"].flat();
  if (schema.items) names[0] = `list of ${typeOf(whole, schema.items)}`;
  return names.join(" or ");
}

function limitsOf(whole, given) {
  const schema = resolved(whole, given);
  const said = Object.entries(LIMITS).filter(([key]) => key in schema).map(([key, say]) => say(schema[key]));
  const choices = (schema.enum ?? []).filter((choice) => choice !== null);
  if (choices.length) {
    const more = choices.length - MOST_CHOICES;
    said.push(choices.slice(0, MOST_CHOICES).join(", ") + (more > 0 ? `, and ${more} more` : ""));
  }
  return said.join("; ");
}

function row(name, must, type, ...says) {
  const mark = must ? el("span", { className: "must" }, " required") : null;
  return el("li", {}, el("div", {}, el("code", {}, name), mark, el("div", { className: "by" }, type)),
    el("div", {}, ...says));
}

function fieldRows(whole, schema) {
  const must = schema.required ?? [];
  return Object.entries(schema.properties ?? {}).map(([name, given]) => {
    const found = resolved(whole, given);
    const limits = el("div", { className: "by" }, limitsOf(whole, given));
    return row(name, must.includes(name), typeOf(whole, given), ...prose(found.description ?? ""), limits);
  });
}

const list = (rows) => el("ul", { className: "list" }, ...rows);
const heading = (text) => el("h3", {}, text);
const code = (value) => el("pre", { tabIndex: 0 }, JSON.stringify(value, null, 2));
const folded = (title, ...inside) => el("details", {}, el("summary", {}, title), ...inside);

function parameters(whole, operation) {
  const found = (operation.parameters ?? []).map((one) => resolved(whole, one));
  if (!found.length) return [];
  return [heading("Parameters"), list(found.map((one) => {
    const limits = el("div", { className: "by" }, limitsOf(whole, one.schema));
    return row(one.name, one.required, `${typeOf(whole, one.schema)}, in the ${one.in}`,
      ...prose(one.description ?? ""), limits);
  }))];
}

function body(whole, operation) {
  const content = resolved(whole, operation.requestBody)?.content;
  if (!content) return [];
  const { schema, example } = Object.values(content)[0];
  return [heading(`Body: ${Object.keys(content).join(", ")}`), list(fieldRows(whole, resolved(whole, schema))),
    folded("Example", code(example))];
}

function answer(whole, [status, given]) {
  const response = resolved(whole, given);
  const media = Object.values(response.content ?? {})[0];
  const codes = Object.keys(media?.examples ?? {});
  const values = Object.values(media?.examples ?? {}).map((one) => resolved(whole, one).value);
  const shown = codes.length ? values : [media?.example].filter(Boolean);
  return el("li", {}, el("div", {}, el("code", {}, status),
    ...codes.map((name) => el("div", {}, el("code", {}, name)))),
  el("div", {}, ...prose(response.description),
    el("div", { className: "by" }, Object.keys(response.headers ?? {}).join(", ")),
    ...(shown.length ? [folded("Example", ...shown.map(code))] : [])));
}

function operation(whole, { path, method, told }) {
  const open = told.security?.length === 0 ? [el("span", { className: "by" }, "no token needed")] : [];
  return el("section", { id: told.operationId, "aria-label": told.summary },
    el("h2", {}, ...prose(told.summary)),
    el("div", { className: "where" }, verb(method), path, ...open),
    ...(told.description ? [el("p", {}, ...prose(told.description))] : []),
    ...parameters(whole, told), ...body(whole, told),
    heading("Answers"), list(Object.entries(told.responses).map((one) => answer(whole, one))));
}

const verb = (method) => el("span", { className: `verb ${method}` }, method.toUpperCase());

function things(whole) {
  return Object.entries(whole.components.schemas).map(([name, schema]) =>
    el("section", { id: `schema-${name}` }, el("h2", {}, name),
      el("p", {}, ...prose(schema.description ?? "")), list(fieldRows(whole, schema))));
}

function operationsOf(whole) {
  return Object.entries(whole.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ path, method, told: item[method] })));
}

function indexOf(whole, operations) {
  const groups = whole.tags.map(({ name }) => el("div", {}, el("h2", {}, name),
    ...operations.filter(({ told }) => told.tags[0] === name).map(({ path, method, told }) =>
      el("a", { href: `#${told.operationId}`, title: `${method.toUpperCase()} ${path}` }, verb(method), el("span", {}, ...prose(told.summary))))));
  const schemas = Object.keys(whole.components.schemas).map((name) => el("a", { href: `#schema-${name}` }, name));
  return [...groups, el("div", {}, el("h2", {}, "things"), ...schemas)];
}

/** Every code, with the status and the sentence that come with it. */
function codes(whole) {
  return list(Object.values(whole.components.responses).map((response) => {
    const { value } = resolved(whole, Object.values(Object.values(response.content)[0].examples)[0]);
    return row(value.code, false, String(value.status), ...prose(response.description));
  }));
}

/** Hides what does not have the text, in the index and beside it. */
function find(text) {
  const wanted = text.trim().toLowerCase();
  let shown = 0;
  for (const link of document.querySelectorAll("#routes a")) {
    const section = document.getElementById(link.hash.slice(1));
    link.hidden = section.hidden = !section.textContent.toLowerCase().includes(wanted);
    shown += !link.hidden;
  }
  $("#none").textContent = shown ? "" : "Nothing here says that.";
}

function show(whole) {
  const operations = operationsOf(whole);
  const about = whole.info.description.split("\n").filter((line) => !line.startsWith("|")).join("\n");
  const intro = about.trim().split("\n\n").map((text) => el("p", {}, ...prose(text)));
  $("#routes").append(...indexOf(whole, operations));
  $("#described").append(el("section", {}, el("h2", {}, `${whole.info.title} ${whole.info.version}`), ...intro, codes(whole)),
    ...operations.map((one) => operation(whole, one)), ...things(whole));
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

$("#theme").addEventListener("click", () => window.switchTheme());
$("#find").addEventListener("input", (event) => find(event.target.value));
try {
  show(await (await fetch($("#source").href)).json());
} catch (error) {
  $("#described").append(el("p", { role: "alert" }, `The description cannot be shown: ${error.message}`));
}
$("#described").setAttribute("aria-busy", "false");
