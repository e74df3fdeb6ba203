package dev.agentrelay.tunnel.rewrite;

import static dev.agentrelay.tunnel.rewrite.Rewritten.BASE;
import static dev.agentrelay.tunnel.rewrite.Rewritten.URLS;
import static dev.agentrelay.tunnel.rewrite.Rewritten.js;
import static dev.agentrelay.tunnel.rewrite.Rewritten.whole;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses in scripts are rewritten and which are not (tunnel.md 4.3). */
class JsRewriterTest {
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
        "if (a) /[\"']/.test(b); import('/x.js')",
        "for await (a of b) /'/.test(a); import('/x.js')",
        "while(a)/'/.test(b),import('/x.js')",
        "function f() {} /'/.test(a); import('/x.js')",
        "a => {} \n /'/.test(a); import('/x.js')",
        "else /'/.test(a); import('/x.js')",
        "a = (b) / c; d = 'e'; import('/x.js') / f",
        "a++ / b; c = 'd / e'; import('/x.js')",
        "a = {b: 1} / c; d = 'e'; import('/x.js') / f",
        "a.in / b; c = 'd'; import('/x.js') / e",
        "a.if(b) / c; d = 'e'; import('/x.js') / f",
        "s = `${/[`']/.test(a)}`; import('/x.js')"
      })
  void aSlashIsTakenForWhatItIs(String script) {
    assertThat(js(script)).isEqualTo(script.replace("/x.js", BASE + "/x.js"));
  }

  @Test
  void bracketsWithoutEndCostLittle() {
    String script = "(".repeat(300_000) + "[`${".repeat(10) + "; import '/y'";
    assertThat(whole(new JsRewriter(URLS), script))
        .isEqualTo(script.replace("'/y'", "'" + BASE + "/y'"));
  }
}
