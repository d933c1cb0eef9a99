package lib.demo;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which Validibot answers: the released one as recorded, or the one its older documents describe.
 */
public enum Shape {
  CURRENT("0.14"),
  DOCUMENTED("documented");

  private final String id;

  Shape(String id) {
    this.id = id;
  }

  public String id() {
    return id;
  }

  public static Optional<Shape> named(String id) {
    return Stream.of(values()).filter(shape -> shape.id().equals(id)).findFirst();
  }
}
