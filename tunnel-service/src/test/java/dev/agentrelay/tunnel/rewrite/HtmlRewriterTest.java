package dev.agentrelay.tunnel.rewrite;

import static dev.agentrelay.tunnel.rewrite.Rewritten.BASE;
import static dev.agentrelay.tunnel.rewrite.Rewritten.URLS;
import static dev.agentrelay.tunnel.rewrite.Rewritten.fragment;
import static dev.agentrelay.tunnel.rewrite.Rewritten.page;
import static dev.agentrelay.tunnel.rewrite.Rewritten.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is rewritten in markup and what is not (tunnel.md 4.2), in whatever pieces it comes. */
class HtmlRewriterTest {
  private static final String HEAD = "<base href=\"" + BASE + "/web/\"><script>RUN</script>";

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
        "`<script src=\"http://localhost:3000/x\" integrity=\"s\"></script>`, `<script"
            + " src=\"BASE/x\" ></script>`",
        "`<link rel=modulepreload href=x.js integrity=s>`, `<link rel=modulepreload href=x.js >`",
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
  void hashesOfWhatIsRewrittenAreLeftOutOfImportMaps() {
    String map =
        "<script type=\"importmap\">{\"integrity\":{\"/a.js\":\"h\",\"./b.js\":\"h\","
            + "\"https://c.example/c.js\":\"h\"}}</script>";
    assertThat(fragment(map)).isEqualTo(map.replace("\"/a.js\":\"h\",\"./b.js\":\"h\",", ""));
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
}
