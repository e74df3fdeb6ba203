package dev.agentrelay.webhook.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of texts as one column of JSON, which tells an empty list from none. */
@Converter
public class TextList implements AttributeConverter<@Nullable List<String>, @Nullable String> {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<String>> TYPE = new TypeReference<>() {};

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable List<String> list) {
    try {
      return list == null ? null : JSON.writeValueAsString(list);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts is always JSON", e);
    }
  }

  @Override
  public @Nullable List<String> convertToEntityAttribute(@Nullable String column) {
    try {
      return column == null ? null : JSON.readValue(column, TYPE);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the column holds no list of texts", e);
    }
  }
}
