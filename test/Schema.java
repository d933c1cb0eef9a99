package test;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;

/** What docs/ promises of a document of ours, held by somebody else's reader of JSON Schema. */
final class Schema {

  private Schema() {}

  /** The one document that a script printed, which keeps the schema that it names. */
  static JsonObject kept(String printed) throws IOException {
    var document = JsonParser.parseString(printed).getAsJsonObject();
    var file = document.get("schema_version").getAsString() + ".schema.json";
    var schema = Files.readString(Shell.REPO.resolve("docs").resolve(file));
    var problems =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(schema)
            .validate(printed, InputFormat.JSON);
    assertEquals(Set.of(), problems, printed);
    return document;
  }
}
