package dev.agentrelay.tunnel.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rewritten and what is not (tunnel.md 4), in whatever pieces it comes. */
class RewriterTest {
  private static final String BASE = "/api/tunnel/runner/r/3000";
  private static final TunnelUrls URLS =
      new TunnelUrls("/api/tunnel/runner/r/", 3000, Set.of("http://localhost:7492"));
  private static final String HEAD = "<base href=\"" + BASE + "/web/\"><script>RUN</script>";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import a from \"/x.js\";",
        "import'/x.js';",
        "import {a,b} from '/x.js'",
        "export * from \"/x.js\"",
        "export {a} from/* c */\"/x.js\"",
        "const m = await import(\"/x.js\");",
        "import(/* @vite-ignore */ '/x.js')",
        "new URL('/x.js', import.meta.url)",
        "new URL(\"/x.js\" ,\n import.meta.url).href",
        "new Worker('/x.js')",
        "importScripts('/x.js')",
        "a = b / c; import('/x.js') / d",
        "r = /[\"'/]/.test(s); import('/x.js')",
        "s = `a${`b${c}`}\"`; import('/x.js')",
        "s = `${ {a: '}'} }`; import('/x.js')",
        "import('/x.js' + query)",
        "new URL('/x.js', /* of this */ import.meta.url)"
      })
  void addressesOfModulesAndWorkersArePrefixed(String script) {
    assertThat(js(script)).isEqualTo(script.replace("/x.js", BASE + "/x.js"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import a from '//cdn.example/x.js'",
        "import a from './x.js'",
        "import a from '" + BASE + "/x.js'",
        "// import '/x.js'",
        "/* import '/x.js' */",
        "s = \"import '/x.js'\"",
        "s = `import '/x.js'`",
        "r = /import '/; y = '/x.js'",
        "fetch('/x.js')",
        "obj.import('/x.js')",
        "obj.from '/x.js'",
        "new URL('/x.js', 'https://api.example')",
        "new URL('/x.js', location)",
        "new URL('/x.js', import.meta.urls)",
        "new Other('/x.js')",
        "class A { import(a, b) { return a } }",
        "obj.import(a)",
        "import.meta.env",
        "import()",
        "import(unfinished",
        "import(`/a`",
        "x = 'unfinished",
        "new URL('/x.js'",
        "a /"
      })
  void allElseInScriptsStays(String script) {
    assertThat(js(script)).isEqualTo(script);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import(<<a>>)",
        "await import(<<base + path.slice(1) + `?t=${now}`>>).then(use)",
        "import(<</* @vite-ignore */ base + a>>)",
        "import(<<a>>, { with: { type: 'json' } });",
        "import(<<f(a, b)>>)",
        "import(<<`/lang/${name}.js`>>)",
        "import(<<a ? '/b.js' : c[0]>>)",
        "import(<<import(<<a>>)>>)\n"
      })
  void anAddressThatIsComputedIsPrefixedWhenItIsKnown(String script) {
    String mapping =
        "(a=>/^\\/(?![/\\\\])/.test(a)&&!(a+\"/\").startsWith(\"%1$s/\")?\"%1$s\"+a:a)("
            .formatted(BASE);
    assertThat(js(script.replaceAll("<<|>>", "")))
        .isEqualTo(script.replace("<<", mapping).replace(">>", ")"));
  }

  @Test
  void anAddressWithinAComputedOneIsPrefixed() {
    assertThat(js("import(new URL('/x.js', import.meta.url).href);"))
        .endsWith("(new URL('" + BASE + "/x.js', import.meta.url).href));");
  }

  @Test
  void anAddressThatIsComputedAtLengthPasses() {
    String script = "import(" + "a+".repeat(10_000) + "a); import('/y')";
    assertThat(js(script)).isEqualTo(script.replace("'/y'", "'" + BASE + "/y'"));
  }

  @Test
  void anAddressThatOnlyBeginsLikeTheTunnelIsPrefixed() {
    assertThat(js("import '" + BASE + "1/x.js'")).isEqualTo("import '" + BASE + BASE + "1/x.js'");
  }

  @Test
  void longStringsPass() {
    String script = "import '/" + "x".repeat(20_000) + "'; import '/y'";
    assertThat(js(script)).isEqualTo(script.replace("'/y'", "'" + BASE + "/y'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@import \"/x.css\";",
        "@import url(/x.css);",
        "a{background:url(/x.css)}",
        "a{background:URL( '/x.css' )}",
        "a{b:url(\"/x.css\") no-repeat, c}"
      })
  void addressesInStylesArePrefixed(String css) {
    assertThat(css(css)).isEqualTo(css.replace("/x.css", BASE + "/x.css"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/* url(/x.css) */",
        "a{content:\"url(/x.css)\"}",
        "a{b:url(//cdn.example/x)}",
        "a{b:url(x.css)}",
        "a{b:url(data:image/png;base64,AA/x.css==)}",
        "a{b:curl(/x.css)}",
        "a{b:url(" + BASE + "/x.css)}",
        "a{b:c/d}",
        "a{b:url(/x"
      })
  void allElseInStylesStays(String css) {
    assertThat(css(css)).isEqualTo(css);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`<a href=\"/x\">`, `<a href=\"BASE/x\">`",
        "`<a href='/x'>`, `<a href='BASE/x'>`",
        "`<a href=/x>`, `<a href=BASE/x>`",
        "`<A HREF = \"/x\" b>`, `<A HREF = \"BASE/x\" b>`",
        "`<img src=\"/x\" srcset=\"/a.png 1x, /b.png 2x\"/>`, `<img src=\"BASE/x\""
            + " srcset=\"BASE/a.png 1x, BASE/b.png 2x\"/>`",
        "`<form action=\"/x\"><button formaction=\"/y\">`, `<form action=\"BASE/x\"><button"
            + " formaction=\"BASE/y\">`",
        "`<video poster=\"/x\">`, `<video poster=\"BASE/x\">`",
        "`<object data=\"/x\">`, `<object data=\"BASE/x\">`",
        "`<div data=\"/x\">`, `<div data=\"/x\">`",
        "`<svg><use xlink:href=\"/x#a\"/></svg>`, `<svg><use xlink:href=\"BASE/x#a\"/></svg>`",
        "`<a href=\"//cdn.example/x\">`, `<a href=\"//cdn.example/x\">`",
        "`<a href=\"x\">`, `<a href=\"x\">`",
        "`<a href=\"#x\">`, `<a href=\"#x\">`",
        "`<a href=\"BASE/x\">`, `<a href=\"BASE/x\">`",
        "`<a href=\"http://127.0.0.1:3000/x\">`, `<a href=\"BASE/x\">`",
        "`<a href=\"http://localhost:7492/x\">`, `<a href=\"BASE/x\">`",
        "`<meta http-equiv=refresh content=\"0;url=/x\">`, `<meta http-equiv=refresh"
            + " content=\"0;url=BASE/x\">`",
        "`<meta name=x content=\"0;url=/x\">`, `<meta name=x content=\"0;url=/x\">`",
        "`<p style=\"background:url(/x)\">`, `<p style=\"background:url(BASE/x)\">`",
        "`<style>a{b:url(/x)}</style>`, `<style>a{b:url(BASE/x)}</style>`",
        "`<style>@import \"/x\"</style>`, `<style>@import \"BASE/x\"</style>`",
        "`<script src=\"/x\" integrity=\"sha256-a\" defer></script>`, `<script src=\"BASE/x\" "
            + " defer></script>`",
        "`<script src=\"https://c.example/x\" integrity=\"s\"></script>`, `<script"
            + " src=\"https://c.example/x\" integrity=\"s\"></script>`",
        "`<script type=\"module\">import \"/x\"</script>`, `<script type=\"module\">import"
            + " \"BASE/x\"</script>`",
        "`<script type=\"text/template\"><a href=\"/x\"></script>`, `<script"
            + " type=\"text/template\"><a href=\"/x\"></script>`",
        "`<script>s=\"<a href='/x'>\"</script><a href=/y>`, `<script>s=\"<a href='/x'>\"</script><a"
            + " href=BASE/y>`",
        "`<!-- <a href=\"/x\"> --><a href=/y>`, `<!-- <a href=\"/x\"> --><a href=BASE/y>`",
        "`<!--><a href=/y>`, `<!--><a href=BASE/y>`",
        "`<textarea><a href=\"/x\"></textarea>`, `<textarea><a href=\"/x\"></textarea>`",
        "`<title></title ><a href=/y>`, `<title></title ><a href=BASE/y>`",
        "`a < b <3 </> <? x ?><a href=/y>`, `a < b <3 </> <? x ?><a href=BASE/y>`",
        "`<a title=\">\" href=\"/x\">`, `<a title=\">\" href=\"BASE/x\">`",
        "`<a href=\"/x\"`, `<a href=\"/x\"`"
      })
  void markupIsRewrittenAsBrowsersReadIt(String before, String after) {
    String page = before.replace("BASE", BASE);
    String expected = after.replace("BASE", BASE);
    assertThat(fragment(page)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`<!doctype html><html><head a><title>t</title></head>`, `<!doctype html><html><head"
            + " a>HEAD<title>t</title></head>`",
        "`<!doctype html><body>x`, `<!doctype html>HEAD<body>x`",
        "`<html lang=de><p>`, `<html lang=de>HEAD<p>`",
        "`text only`, `HEADtext only`",
        "`<!-- <head> --> <head></head>`, `<!-- <head> --> <head>HEAD</head>`",
        "`<head><base href=\"/app/\" target=\"_top\"><base href=x></head>`, `<head>HEAD</head>`",
        "`<header>x</header>`, `HEAD<header>x</header>`",
        "``, ``"
      })
  void aPageGetsItsBaseAndTheRuntimeScriptOnce(String before, String after) {
    String page = before == null ? "" : before;
    String expected = after == null ? "" : after.replace("HEAD", HEAD);
    assertThat(page(page)).isEqualTo(expected);
  }

  @Test
  void aNonceOfThePagesPolicyIsCarried() {
    HtmlRewriter rewriter = HtmlRewriter.ofDocument(URLS, BASE + "/", "RUN", "n\"1");
    assertThat(whole(rewriter, "<head>")).contains("<script nonce=\"n&quot;1\">RUN</script>");
  }

  @Test
  void importMapsAreRewritten() {
    String map =
        "<script"
            + " type=\"importmap\">{\"imports\":{\"a\":\"/a.js\",\"/x/\":\"/y/\",\"c\":\"https://c\"},"
            + "\"scopes\":{\"/s/\":{\"a\":\"./b\"}}}</script>";
    assertThat(fragment(map)).isEqualTo(map.replace("\"/", "\"" + BASE + "/"));
  }

  @Test
  void anImportMapThatIsNoneStays() {
    String map = "<script type=\"importmap\">{nonsense \"/x\"</script>";
    assertThat(fragment(map)).isEqualTo(map);
  }

  @Test
  void aTagFullOfDataPasses() {
    String tag = "<img src=\"data:image/png;base64," + "A".repeat(600_000) + "\" alt='>'>";
    assertThat(fragment(tag + "<a href=/x>")).isEqualTo(tag + "<a href=" + BASE + "/x>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "ISO-8859-1", "windows-1252", "Shift_JIS", "EUC-KR", "GB18030"})
  void charsetsThatHoldAsciiPassUnharmed(String name) {
    Charset charset = Charset.forName(name);
    String text = name.equals("Shift_JIS") ? "表示テスト" : name.equals("EUC-KR") ? "한국어" : "äöü";
    Buffer page = Buffer.buffer(("<a href=\"/" + text + "\">" + text).getBytes(charset));
    HtmlRewriter rewriter = HtmlRewriter.ofFragment(URLS);
    Buffer seen = rewriter.feed(page).appendBuffer(rewriter.end());
    assertThat(seen.getBytes())
        .isEqualTo(("<a href=\"" + BASE + "/" + text + "\">" + text).getBytes(charset));
  }

  @Test
  void utf16IsLeftAlone() {
    byte[] page = "<a href=\"/x\">".getBytes(StandardCharsets.UTF_16);
    HtmlRewriter rewriter = HtmlRewriter.ofDocument(URLS, BASE + "/", "RUN", null);
    Buffer seen = rewriter.feed(Buffer.buffer(page)).appendBuffer(rewriter.end());
    assertThat(seen.getBytes()).isEqualTo(page);
  }

  @Test
  void aByteOrderMarkStaysInFront() {
    assertThat(page("\u00ef\u00bb\u00bf<p>")).isEqualTo("\u00ef\u00bb\u00bf" + HEAD + "<p>");
  }

  @Test
  void whatIsCompleteIsPassedOnAtOnce() {
    HtmlRewriter rewriter = HtmlRewriter.ofDocument(URLS, BASE + "/", "RUN", null);
    assertThat(rewriter.feed(Buffer.buffer("<head></head><p>first</p><a hr")).toString())
        .endsWith("<p>first</p>");
  }

  @Test
  void theRuntimeScriptEndsNoScriptElementAndIsAscii() {
    String script = RuntimeScript.of(URLS);
    assertThat(script).doesNotContain("</", "__ROOT__", "__PORT__").contains("\"3000\"");
    assertThat(script.chars()).allMatch(c -> c < 0x80);
  }

  private static String js(String script) {
    return inEveryPiece(() -> new JsRewriter(URLS), script);
  }

  private static String css(String css) {
    return inEveryPiece(() -> new CssRewriter(URLS), css);
  }

  private static String fragment(String html) {
    return inEveryPiece(() -> HtmlRewriter.ofFragment(URLS), html);
  }

  private static String page(String html) {
    return inEveryPiece(() -> HtmlRewriter.ofDocument(URLS, BASE + "/web/", "RUN", null), html);
  }

  /** The rewritten text, which is the same however the bytes are cut. */
  private static String inEveryPiece(Supplier<BodyRewriter> rewriters, String text) {
    String expected = whole(rewriters.get(), text);
    int length = text.length();
    for (int cut = 1; cut < Math.min(length, 400); cut++) {
      BodyRewriter rewriter = rewriters.get();
      String pieces =
          latin1(rewriter.feed(bytes(text.substring(0, cut))))
              + latin1(rewriter.feed(bytes(text.substring(cut))))
              + latin1(rewriter.end());
      assertThat(pieces).as("cut at %d", cut).isEqualTo(expected);
    }
    return expected;
  }

  private static String whole(BodyRewriter rewriter, String text) {
    return latin1(rewriter.feed(bytes(text))) + latin1(rewriter.end());
  }

  private static Buffer bytes(String text) {
    return Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String latin1(Buffer bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
