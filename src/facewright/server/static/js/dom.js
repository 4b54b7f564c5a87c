/** Elements made by functions. Text is always text: nothing here parses markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * An element. Properties: `class`, `text`, `on` (events), `vars` (CSS custom properties, set through
 * CSSOM because the page allows no inline style), `data`; a name with `-`, and `role`, `for` and
 * `list`, are attributes; everything else is a property of the element.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  set(element, props);
  append(element, children);
  return element;
}

const ATTRIBUTES = new Set(["role", "for", "list", "viewBox", "d"]);

/** @param {Element} element @param {Record<string, any>} props */
export function set(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name === "class") element.setAttribute("class", value);
    else if (name === "text") element.textContent = value;
    else if (name === "on") listen(element, value);
    else if (name === "vars") {
      for (const [key, amount] of Object.entries(value)) {
        /** @type {HTMLElement} */ (element).style.setProperty(key, String(amount));
      }
    } else if (name === "data") Object.assign(/** @type {HTMLElement} */ (element).dataset, value);
    else if (name.includes("-") || ATTRIBUTES.has(name)) element.setAttribute(name, String(value));
    else /** @type {any} */ (element)[name] = value;
  }
}

/** @param {Element} element @param {Record<string, EventListener>} events */
function listen(element, events) {
  for (const [name, listener] of Object.entries(events)) element.addEventListener(name, listener);
}

/** @param {Element} element @param {(Child | Child[])[]} children */
export function append(element, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** Puts these in the place of whatever was inside. @param {Element} element @param {...(Child | Child[])} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * An SVG element; every property is an attribute.
 * @param {string} tag @param {Record<string, any>} [attributes] @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

/** The element of an id, which index.html has. @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element;
}

/**
 * A function that runs once, `wait` milliseconds after its last call.
 * @template {any[]} A @param {(...args: A) => void} run @param {number} wait
 * @returns {(...args: A) => void}
 */
export function settled(run, wait) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => run(...args), wait);
  };
}

/** Where what lies over everything must be: a modal dialog hides what is outside of it. */
export const topmost = () => [...document.querySelectorAll("dialog[open]")].pop() ?? document.body;

/** Whether keys typed now go into a field. @param {EventTarget | null} target */
export function isTyping(target) {
  return (
    target instanceof Element &&
    target.matches(
      "input:not([type=checkbox], [type=range], [type=radio]), textarea, select, [contenteditable]",
    )
  );
}

/** Runs what makes a place anew; what had the focus has it again, by its `data-keep`. @param {HTMLElement} place @param {() => void} run */
export function keepingFocus(place, run) {
  const had = place.contains(document.activeElement)
    ? /** @type {HTMLElement} */ (document.activeElement)
    : null;
  const [key, caret] = [had?.getAttribute("data-keep"), /** @type {any} */ (had)?.selectionStart];
  run();
  const again = key ? /** @type {any} */ (place.querySelector(`[data-keep="${CSS.escape(key)}"]`)) : null;
  again?.focus({ preventScroll: true });
  if (!again?.matches("textarea")) return;
  again.value = /** @type {HTMLTextAreaElement} */ (had).value; // what was typed since
  again.setSelectionRange(caret, caret);
}

/** The link to what a view shows, for programs. @param {string} href */
export const jsonLink = (href) => h("a", { class: "json", href, text: ".json", title: "The same as JSON" });
