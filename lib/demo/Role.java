package lib.demo;

import java.util.Locale;

/** What a Validibot process is for: its {@code APP_ROLE}. */
public enum Role {
  WEB,
  WORKER,
  MCP;

  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
