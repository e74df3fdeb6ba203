(function () {
  "use strict";
  var window = self; // it runs in workers as well
  var root = "__ROOT__", port = "__PORT__", base = root + port, cookiePrefix = "tunnel.";
  var page = window.location, local = /^(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])$/;

  function below(path) {
    return path === base || (path.indexOf(base) === 0 && "/?#".indexOf(path.charAt(base.length)) >= 0);
  }

  // The address at which the app's own address is reached; everything else comes back as it is.
  function map(address, socket) {
    var text = String(address), url, path;
    if (text.charAt(0) === "/" && text.charAt(1) !== "/" && text.charAt(1) !== "\\") {
      path = below(text) ? text : base + text;
      return socket ? origin(true) + path : path;
    }
    if (!/^(\/\/|[a-z][a-z0-9+.-]*:)/i.test(text)) return address;
    try { url = new Parser(text, page.href); } catch (bad) { return address; }
    if (!/^(https?|wss?):$/.test(url.protocol)) return address;
    path = url.pathname + url.search + url.hash;
    if (url.hostname === page.hostname && samePort(url)) {
      return origin(socket) + (below(path) ? path : base + path);
    }
    if (local.test(url.hostname)) {
      return origin(socket) + root + (url.port || defaultPort(url.protocol)) + path;
    }
    return address;
  }

  var Parser = window.URL;
  function defaultPort(protocol) { return protocol === "https:" || protocol === "wss:" ? "443" : "80"; }
  function samePort(url) {
    // A dev server that knows only the host's name leaves the port out, or says its own.
    return (url.port || defaultPort(url.protocol)) === (page.port || defaultPort(page.protocol)) ||
      url.port === port || (/^ws/.test(url.protocol) && url.port === "");
  }
  function origin(socket) {
    return socket ? (page.protocol === "https:" ? "wss://" : "ws://") + page.host : page.origin;
  }

  // Puts another function in a method's place that looks like it.
  function patch(target, name, make) {
    var original = target && target[name];
    if (typeof original !== "function") return;
    var patched = make(original);
    try {
      Object.defineProperty(patched, "name", { value: original.name, configurable: true });
      Object.defineProperty(patched, "length", { value: original.length, configurable: true });
      target[name] = patched;
    } catch (fixed) { /* stays as it is */ }
  }

  function patchArgument(target, name, index, change) {
    patch(target, name, function (original) {
      return function () {
        var given = Array.prototype.slice.call(arguments);
        if (given.length > index && given[index] != null) given[index] = (change || map)(given[index]);
        return original.apply(this, given);
      };
    });
  }

  function patchConstructor(name, socket) {
    var Original = window[name];
    if (typeof Original !== "function" || typeof Proxy !== "function") return;
    window[name] = new Proxy(Original, {
      construct: function (target, given, as) {
        if (given.length) given[0] = map(given[0], socket);
        return Reflect.construct(target, given, as);
      }
    });
  }

  patch(window, "fetch", function (original) {
    return function (input, options) {
      if (typeof Request === "function" && input instanceof Request) {
        var mapped = map(input.url);
        if (mapped !== input.url) input = new Request(mapped, input);
      } else if (input != null) {
        input = map(input);
      }
      return original.call(this, input, options);
    };
  });
  patchArgument(window.XMLHttpRequest && XMLHttpRequest.prototype, "open", 1);
  patchArgument(window.Navigator && Navigator.prototype, "sendBeacon", 0);
  patchArgument(window, "open", 0);
  patchArgument(window.History && History.prototype, "pushState", 2);
  patchArgument(window.History && History.prototype, "replaceState", 2);
  patchArgument(window.Location && Location.prototype, "assign", 0);
  patchArgument(window.Location && Location.prototype, "replace", 0);
  patchConstructor("EventSource", false);
  patchConstructor("WebSocket", true);
  patchConstructor("Worker", false);
  patchConstructor("SharedWorker", false);

  // A worker may rule this tunnel and nothing beside it.
  patch(window.ServiceWorkerContainer && ServiceWorkerContainer.prototype, "register", function (original) {
    return function (script, options) {
      var wanted = {};
      for (var key in options || {}) wanted[key] = options[key];
      wanted.scope = map(wanted.scope == null ? "/" : wanted.scope);
      return original.call(this, map(script), wanted);
    };
  });

  function mapSet(text) {
    return String(text).replace(/(^|,\s+|,(?=\/))(\s*)(\/[^\s,]*)/g, function (all, comma, space, address) {
      return comma + space + map(address);
    });
  }

  var attributes = { src: map, href: map, action: map, formaction: map, poster: map, srcset: mapSet };
  patch(window.Element && Element.prototype, "setAttribute", function (original) {
    return function (name, value) {
      var change = attributes[String(name).toLowerCase()];
      return original.call(this, name, change && value != null ? change(value) : value);
    };
  });

  function patchProperty(type, name, change) {
    var prototype = window[type] && window[type].prototype;
    var property = prototype && Object.getOwnPropertyDescriptor(prototype, name);
    if (!property || !property.set || !property.configurable) return;
    Object.defineProperty(prototype, name, {
      configurable: true,
      enumerable: property.enumerable,
      get: property.get,
      set: function (value) { property.set.call(this, value == null ? value : change(value)); }
    });
  }
  ["HTMLScriptElement", "HTMLImageElement", "HTMLIFrameElement", "HTMLMediaElement", "HTMLSourceElement",
    "HTMLEmbedElement", "HTMLTrackElement", "HTMLInputElement"].forEach(function (type) {
    patchProperty(type, "src", map);
  });
  patchProperty("HTMLImageElement", "srcset", mapSet);
  patchProperty("HTMLSourceElement", "srcset", mapSet);
  patchProperty("HTMLLinkElement", "href", map);
  patchProperty("HTMLAnchorElement", "href", map);
  patchProperty("HTMLFormElement", "action", map);
  patchProperty("HTMLObjectElement", "data", map);
  patchProperty("HTMLVideoElement", "poster", map);

  patch(window, "importScripts", function (original) {
    return function () { return original.apply(this, Array.prototype.map.call(arguments, function (one) { return map(one); })); };
  });

  // Styles that a script puts into its page, as bundlers do.
  function mapStyles(text) {
    return String(text).replace(/(url\(\s*["']?|@import\s+["'])(\/[^\s"')]*)/gi, function (all, before, address) {
      return before + map(address);
    });
  }
  var sheet = window.CSSStyleSheet && CSSStyleSheet.prototype;
  patchArgument(sheet, "insertRule", 0, mapStyles);
  patchArgument(sheet, "replace", 0, mapStyles);
  patchArgument(sheet, "replaceSync", 0, mapStyles);
  var text = window.Node && Object.getOwnPropertyDescriptor(Node.prototype, "textContent");
  if (text && window.HTMLStyleElement) {
    Object.defineProperty(HTMLStyleElement.prototype, "textContent", {
      configurable: true,
      enumerable: text.enumerable,
      get: text.get,
      set: function (value) { text.set.call(this, value == null ? value : mapStyles(value)); }
    });
  }

  // Cookies of the app live under another name and on the tunnel's path.
  var cookies = window.Document && Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  if (cookies && cookies.configurable) {
    Object.defineProperty(Document.prototype, "cookie", {
      configurable: true,
      enumerable: cookies.enumerable,
      get: function () {
        return cookies.get.call(this).split("; ").filter(function (pair) {
          return pair.indexOf(cookiePrefix) === 0;
        }).map(function (pair) { return pair.slice(cookiePrefix.length); }).join("; ");
      },
      set: function (value) {
        var parts = String(value).split(";"), path = base;
        var kept = parts.slice(1).filter(function (part) {
          var own = /^\s*path\s*=\s*(\/.*?)\s*$/i.exec(part);
          if (own && own[1] !== "/") path = base + own[1];
          return !/^\s*(path|domain)\s*(=|$)/i.test(part);
        });
        cookies.set.call(this, cookiePrefix + parts[0].trim() +
          kept.map(function (part) { return ";" + part; }).join("") + ";path=" + path);
      }
    });
  }

  // What was put into the page as markup is put right when it is used.
  function mend(element, name) {
    var value = element && element.getAttribute && element.getAttribute(name);
    if (value && value.charAt(0) === "/") element.setAttribute(name, value);
  }
  var document = window.document || { addEventListener: function () {} };
  document.addEventListener("click", function (event) {
    mend(event.target && event.target.closest && event.target.closest("a[href],area[href]"), "href");
  }, true);
  document.addEventListener("submit", function (event) {
    mend(event.target, "action");
    mend(event.submitter, "formaction");
  }, true);

  // "location = '/x'" cannot be patched, but a navigation can be led elsewhere where browsers allow it.
  if (window.navigation && navigation.addEventListener) {
    navigation.addEventListener("navigate", function (event) {
      var to = event.destination && event.destination.url, mapped = to && map(to);
      if (event.cancelable && event.navigationType !== "traverse" && !event.formData && to &&
          mapped !== to && new Parser(to).pathname !== page.pathname) {
        event.preventDefault();
        page.href = mapped;
      }
    });
  }
})();
