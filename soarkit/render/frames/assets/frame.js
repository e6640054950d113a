"use strict";

/*
 * The first script in the frame of a custom view. It closes what the frame's policy leaves open; frame-views.js then
 * offers what the platform's pages offer.
 *
 * Nothing of the view has run yet, and a view has this one realm only: it cannot make another frame or a worker, so what
 * is taken away here stays away. What is used of the language later on is taken now, because a view may replace it.
 */
(() => {
  const { defineProperty, getOwnPropertyDescriptor, ownKeys, apply } = Reflect;
  const unbound = Function.prototype.bind.bind(Function.prototype.call);
  const lower = unbound(String.prototype.toLowerCase);
  const lastIndexOf = unbound(String.prototype.lastIndexOf);
  const slice = unbound(String.prototype.slice);
  const includes = unbound(String.prototype.includes);
  const replace = unbound(String.prototype.replace);
  const test = unbound(RegExp.prototype.test);

  const fix = (object, name, value) => defineProperty(object, name, { value, writable: false, configurable: false });
  const nothing = () => undefined;

  // A pattern that finds the same whatever becomes of RegExp.prototype.
  const fixed = (pattern) => {
    for (const name of ["exec", "flags", "global", "hasIndices", "ignoreCase", "sticky", "unicode", "unicodeSets", Symbol.replace]) {
      if (name in pattern) fix(pattern, name, pattern[name]);
    }
    return pattern;
  };

  // Elements whose address is looked up or connected to without asking the policy, and those that would begin a new
  // realm. In markup a tag begins with "<" and its name wherever it stands, so they are found without parsing.
  const CLOSED = { __proto__: null };
  for (const name of ["applet", "base", "embed", "fencedframe", "frame", "frameset", "iframe", "link", "meta", "object", "portal"]) CLOSED[name] = true;
  const IN_MARKUP = fixed(/<(?=(?:[^\s<>"'=/:]*:)?(?:applet|base|embed|fencedframe|frame|frameset|iframe|link|meta|object|portal)(?:[\s/>]|$))/gi);
  const closed = (markup) => replace(markup, IN_MARKUP, "<x-");
  const open = (name) => (CLOSED[lower(slice(name, lastIndexOf(name, ":") + 1))] ? "x-closed" : name);

  // The frame's policy allows one Trusted Types policy of this name: the view can make no other.
  window.trustedTypes?.createPolicy("default", {
    createHTML: (markup) => closed(`${markup}`),
    createScript: (code, type, sink) => (includes(lower(`${sink}`), "location") ? null : code),
    createScriptURL: (address) => address,
  });

  const wrap = (object, name, make) => {
    const found = object && getOwnPropertyDescriptor(object, name)?.value;
    if (typeof found === "function") fix(object, name, make(found));
  };
  const names = (make) => (original) => {
    return function (...given) {
      return apply(original, this, make(given));
    };
  };

  // Without a body a document would leave unasked (see the handler below). Whoever takes it away takes this element with
  // it, and its reaction runs before the script goes on.
  const [createElement, appendChild, isConnected] = [Document.prototype.createElement, Node.prototype.appendChild, getOwnPropertyDescriptor(Node.prototype, "isConnected").get];
  const root = getOwnPropertyDescriptor(Document.prototype, "documentElement").get;
  const body = getOwnPropertyDescriptor(Document.prototype, "body").get;
  let guard = null;
  const stand = () => {
    if (!apply(root, document, [])) apply(appendChild, document, [apply(createElement, document, ["html"])]);
    if (!apply(body, document, [])) apply(appendChild, apply(root, document, []), [apply(createElement, document, ["body"])]);
    if (!apply(isConnected, guard, [])) apply(appendChild, apply(body, document, []), [guard]);
  };
  customElements.define(
    "x-guard",
    class extends HTMLElement {
      connectedCallback() {
        guard ??= this;
      }
      disconnectedCallback() {
        if (this === guard) stand();
      }
    },
  );

  // All ways to make an element that need no markup.
  wrap(Document.prototype, "createElement", names(([name, options]) => [open(`${name}`), options && typeof options === "object" ? {} : options]));
  wrap(Document.prototype, "createElementNS", names(([space, name]) => [space, open(`${name}`)]));
  wrap(DOMImplementation.prototype, "createDocument", names(([space, name, type]) => [space, name === null || name === "" ? name : open(`${name}`), type ?? null]));
  wrap(DOMParser.prototype, "parseFromString", names(([text]) => [text, "text/html"]));
  wrap(CustomElementRegistry.prototype, "define", names(([name, constructor]) => [name, constructor]));
  wrap(Document.prototype, "execCommand", (original) => {
    return function (command, ...rest) {
      const name = `${command}`;
      return lower(name) === "inserthtml" ? false : apply(original, this, [name, ...rest]);
    };
  });
  delete window.XSLTProcessor;

  // Markup that is written stands where its script stands; a document is never begun anew.
  const currentScript = getOwnPropertyDescriptor(Document.prototype, "currentScript").get;
  const insertAdjacentHTML = Element.prototype.insertAdjacentHTML;
  const write = (...texts) => {
    let markup = "";
    for (let at = 0; at < texts.length; at++) markup += `${texts[at]}`;
    const script = apply(currentScript, document, []);
    apply(insertAdjacentHTML, script ?? document.body, [script ? "beforebegin" : "beforeend", closed(markup)]);
  };
  for (const name of ["write", "writeln"]) fix(Document.prototype, name, write);
  for (const name of ["open", "close"]) fix(Document.prototype, name, nothing);

  // Newer ways to make elements of markup, which do without Trusted Types.
  const KNOWN = { __proto__: null, getHTML: true, innerHTML: true, insertAdjacentHTML: true, outerHTML: true, parseHTMLUnsafe: true, setHTMLUnsafe: true };
  for (const object of [Document, Document.prototype, Element.prototype, ShadowRoot.prototype]) {
    for (const name of ownKeys(object)) if (typeof name === "string" && test(/HTML/, name) && !KNOWN[name]) delete object[name];
  }

  // Connections that no policy covers, and services that fetch on a page's behalf.
  for (const name of ownKeys(window)) {
    if (typeof name === "string" && test(/^(webkit|moz)?RTC|^WebTransport|^Payment|^Presentation|^FederatedCredential|^IdentityCredential|^sharedStorage|^SharedStorage|^Fence$|^fence$|^fetchLater$|^BackgroundFetch|^EventSource$|^SharedWorker$|^Worker$|^ContactsManager/, name)) {
      delete window[name];
      if (name in window) fix(window, name, undefined);
    }
  }
  for (const name of ownKeys(Navigator.prototype)) {
    if (test(/auction|interestgroup|adcomponent|^share$|canshare|protocolhandler|^credentials$|^serviceworker$|presentation|sendbeacon|^bluetooth|^usb|^hid|^serial|mediadevices|usermedia|^clipboard$|installapp|contentindex|sharedstorage/i, String(name))) {
      fix(Navigator.prototype, name, undefined);
    }
  }
  for (const name of ["browsingTopics", "hasStorageAccess", "requestStorageAccess", "requestStorageAccessFor", "hasUnpartitionedCookieAccess"]) delete Document.prototype[name];

  // The history belongs to the page; dialogs would only fill the console with refusals.
  for (const name of ["back", "forward", "go"]) fix(History.prototype, name, nothing);
  const say = console.info.bind(console);
  fix(window, "alert", (text) => say("alert:", text));
  fix(window, "confirm", () => false);
  fix(window, "prompt", () => null);
  fix(window, "print", nothing);

  // A frame may always navigate itself. The page's policy stops the request, but Chromium looks the host up and connects
  // before it asks the policy. So the page has to take the frame away before the navigation begins. An ordinary message
  // would only leave here when this handler is done; one of a channel goes out at once, and so does the focus, which is
  // moved to and fro where no channel is known to the page yet. Frames like this one have a process of their own, and
  // this one waits to be taken away.
  const channel = new MessageChannel();
  const [focusHere, focusPage] = [window.focus.bind(window), window.parent.focus.bind(window.parent)];
  const [signal, now] = [channel.port1.postMessage.bind(channel.port1), performance.now.bind(performance)];
  window.parent.postMessage({ soarkit: "channel" }, "*", [channel.port2]);
  addEventListener("beforeunload", () => {
    signal("leaving");
    for (let turn = 0; turn < 4; turn++) {
      focusHere();
      focusPage();
    }
    for (const begun = now(); now() - begun < 1000; );
  });

  // Nothing of the head has a further use; the policy it brought stays in force.
  for (const meta of document.querySelectorAll("meta, link, base")) meta.remove();
})();
