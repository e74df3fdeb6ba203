package dev.agentrelay.gateway.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.agentrelay.socketio.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RawObjectTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"a\":1.0,\"b\":1e5,\"c\":-0,\"d\":12345678901234567890.123}",
        "{\"none\":null,\"t\":true,\"f\":false}",
        "{\"text\":\"\\u00e9 \\\\ \\\" \\n ü 😀\",\"é\":{\"deep\":[1,[2,{\"x\":\"]}\"}]]}}",
        "{ \"spaces\" : [ 1 , 2 ] }"
      })
  void valuesKeepTheirExactText(String json) {
    RawObject object = parse(json);
    assertThat(parse(object.toString()).toString()).isEqualTo(object.toString());
    assertThat(RawObject.ofChecked(RawJson.of(json))).hasToString(object.toString());
    for (var member : object.entries()) {
      assertThat(json).contains(member.getValue().toString());
    }
  }

  @Test
  void aSliceOfALargerBufferIsReadWhereItLies() {
    byte[] buffer = "xx{\"a\":[1,2],\"b\":\"c\"}yy".getBytes(StandardCharsets.UTF_8);
    RawObject object =
        Objects.requireNonNull(RawObject.parse(RawJson.of(buffer, 2, buffer.length - 4)));
    assertThat(object.get("a")).hasToString("[1,2]");
    assertThat(object.text("b")).isEqualTo("c");
    assertThat(RawObject.ofChecked(RawJson.of(buffer, 2, buffer.length - 4)))
        .hasToString(object.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "\"text\"", "1", "null", "{", "{\"a\":}", "{\"a\":1", "{a:1}"})
  void whatIsNoObjectIsNone(String json) {
    assertThat(RawObject.parse(RawJson.of(json))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "\"text\"",
        "1",
        "null",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":\"b",
        "{\"a\":\"b\\",
        "{\"a\":[[",
        "{a:1}",
        "{\"a\" 1}"
      })
  void whatWasNotCheckedAfterAllIsNoneAndNeverRunsOverItsEnd(String json) {
    byte[] buffer = (json + "\"}]} and more \"}").getBytes(StandardCharsets.UTF_8);
    int length = json.getBytes(StandardCharsets.UTF_8).length;
    assertThat(RawObject.ofChecked(RawJson.of(buffer, 0, length))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "aaab,true",
    "baaa,false",
    "aab,true",
    "ab,false",
    "xxaabxx,true",
    "aaaaaabaaaa,true",
    "'',false"
  })
  void bytesAreFoundWhereverTheyStand(String text, boolean found) {
    byte[] wanted = "aab".getBytes(StandardCharsets.UTF_8);
    byte[] buffer = ("aab" + text + "aab").getBytes(StandardCharsets.UTF_8);
    assertThat(JsonValues.contains(RawJson.of(buffer, 3, text.length()), wanted)).isEqualTo(found);
  }

  @Test
  void absentIsNotNull() {
    RawObject object = parse("{\"none\":null}");
    assertThat(object.has("none")).isTrue();
    assertThat(object.has("absent")).isFalse();
    assertThat(object.put("set", (String) null).toString())
        .isEqualTo("{\"none\":null,\"set\":null}");
    assertThat(object.putIfPresent("left out", null).has("left out")).isFalse();
  }

  @Test
  void textIsUnescapedAndNumbersAreCutToWholeOnes() {
    RawObject object = parse("{\"t\":\"a\\u0041\\n\",\"n\":12.9,\"big\":1e300,\"no\":\"5\"}");
    assertThat(object.text("t")).isEqualTo("aA\n");
    assertThat(object.number("n")).isEqualTo(12);
    assertThat(object.number("big")).isNull();
    assertThat(object.number("no")).isNull();
  }

  @Test
  void arraysFallIntoTheirElementsAndBackTogether() {
    RawJson array = RawJson.of("[1, \"two\" ,{\"three\":3},[4],null]");
    List<RawJson> elements = Objects.requireNonNull(JsonValues.elements(array));
    assertThat(elements)
        .extracting(RawJson::toString)
        .containsExactly("1", "\"two\"", "{\"three\":3}", "[4]", "null");
    assertThat(JsonValues.array(elements)).hasToString("[1,\"two\",{\"three\":3},[4],null]");
    assertThat(JsonValues.array(List.of())).hasToString("[]");
    assertThat(JsonValues.elements(RawJson.of("{}"))).isNull();
  }

  @Test
  void textIsQuoted() {
    assertThat(JsonValues.of("a\"b\\c\n\u0001é")).hasToString("\"a\\\"b\\\\c\\n\\u0001é\"");
  }

  private static RawObject parse(String json) {
    return Objects.requireNonNull(RawObject.parse(RawJson.of(json)));
  }
}
