package dev.agentrelay.trigger.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.agentrelay.trigger.json.StoredJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of rest.md 5.6. */
class FiltersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        // op | payload value | expected | match
        "eq|5|\"5\"|true",
        "eq|\"5\"|5|true",
        "eq|5|5.0|true",
        "eq|true|1|true",
        "eq|0|false|true",
        "eq|true|\"true\"|false",
        "eq|\"a\"|\"A\"|false",
        "eq|null|0|false",
        "eq|{}|\"{}\"|false",
        "eq|\"b\"|[\"a\",\"b\"]|true",
        "eq|\"b\"|[]|false",
        "eq|[1,2]|2|true",
        "eq|[1,2]|3|false",
        "eq|[1,2]|[3,\"2\"]|true",
        "eq|[1,2]|[3,4]|false",
        "contains|\"Hello World\"|\"WORLD\"|true",
        "contains|\"Hello\"|\"x\"|false",
        "contains|[1,\"Hello\"]|\"ell\"|true",
        "contains|[1]|\"1\"|false",
        "contains|15|\"5\"|false",
        "contains|\"15\"|5|false",
        "contains|\"ab\"|[\"a\"]|false",
        "CONTAINS|\"ab\"|\"b\"|false",
      })
  void aConditionHolds(String op, String actual, String expected, boolean match) {
    Filters filters =
        Filters.of(
            StoredJson.read(
                "[{\"field\":\"f\",\"value\":%s,\"op\":\"%s\"}]".formatted(expected, op)),
            null);

    assertThat(filters.match(object("{\"f\":" + actual + "}"))).isEqualTo(match);
  }

  @Test
  void allOrAnyMustHold() {
    String two = "[{\"field\":\"a\",\"value\":1},{\"field\":\"b\",\"value\":2}]";
    ObjectNode half = object("{\"a\":1,\"b\":3}");

    assertThat(Filters.of(StoredJson.read(two), null).match(half)).isFalse();
    assertThat(Filters.of(StoredJson.read(two), Filters.Mode.AND).match(half)).isFalse();
    assertThat(Filters.of(StoredJson.read(two), Filters.Mode.OR).match(half)).isTrue();
    assertThat(Filters.of(null, Filters.Mode.OR).match(half)).isTrue();
  }

  @Test
  void anAbsentFieldMatchesNothingAndDotsAreNoPath() {
    assertThat(filter("a", "0").match(object("{}"))).isFalse();
    assertThat(filter("a.b", "1").match(object("{\"a\":{\"b\":1}}"))).isFalse();
    assertThat(filter("a.b", "1").match(object("{\"a.b\":1}"))).isTrue();
  }

  @Test
  void paramsOfListenersAreFilters() {
    Filters filters = Filters.ofParams(object("{\"titleContains\":\"Fix\",\"repo\":\"r\"}"));

    assertThat(filters.match(object("{\"title\":\"a fix\",\"repo\":\"r\"}"))).isTrue();
    assertThat(filters.match(object("{\"title\":\"a fix\",\"repo\":\"s\"}"))).isFalse();
    assertThat(
            Filters.ofParams(object("{\"contains\":\"x\"}")).match(object("{\"contains\":\"x\"}")))
        .as("the word alone is a field")
        .isTrue();
  }

  private static Filters filter(String field, String value) {
    return Filters.of(
        StoredJson.read("[{\"field\":\"%s\",\"value\":%s}]".formatted(field, value)), null);
  }

  private static ObjectNode object(String json) {
    return StoredJson.readObject(json);
  }
}
