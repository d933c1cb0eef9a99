package lib.http;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.stream.StreamSupport;

/** Reading JSON that may be anything: what is not there is empty. */
public final class Json {

  private Json() {}

  /** The object, or an empty one. */
  public static JsonObject object(String text) {
    try {
      var parsed = JsonParser.parseString(text);
      return parsed.isJsonObject() ? parsed.getAsJsonObject() : new JsonObject();
    } catch (JsonParseException e) {
      return new JsonObject();
    }
  }

  /** The element as an object, or an empty one. */
  public static JsonObject object(JsonElement element) {
    return element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
  }

  /** The member of that name if it is an array, or an empty one. */
  public static JsonArray array(JsonObject parent, String name) {
    var child = parent.get(name);
    return child != null && child.isJsonArray() ? child.getAsJsonArray() : new JsonArray();
  }

  /** The member of that name if it is an object, or an empty one. */
  public static JsonObject object(JsonObject parent, String name) {
    var child = parent.get(name);
    return child != null && child.isJsonObject() ? child.getAsJsonObject() : new JsonObject();
  }

  /** The texts of an array; what is none is left out. */
  public static List<String> texts(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false)
        .filter(JsonElement::isJsonPrimitive)
        .map(JsonElement::getAsString)
        .toList();
  }

  /** The member of that name if it is a text, a number or a truth value, or an empty text. */
  public static String text(JsonObject parent, String name) {
    var child = parent.get(name);
    return child != null && child.isJsonPrimitive() ? child.getAsString() : "";
  }
}
