// What the bundled cryptography asks of a browser and the oldest one (Chromium 86) has not.
if (!Object.hasOwn) {
  Object.hasOwn = (object, name) => Object.prototype.hasOwnProperty.call(object, name);
}
