// Making elements: texts are only ever texts, never markup.

/** An element.  `on…` attributes are listeners, true and false set or leave out an attribute. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(key, String(value));
    }
  }
  element.append(...shown(children));
  return element;
}

/** Children in one list; what is false or not there is left out. */
const shown = (children) =>
  children.flat(9).filter((each) => each !== null && each !== undefined && each !== false);

/** Put other children into an element. */
export function fill(element, ...children) {
  while (element.firstChild) element.firstChild.remove();
  element.append(...shown(children));
}
