package io.quern.launch;

import java.lang.reflect.InvocationTargetException;

/**
 * The main class of the executable jar: checks the Java version, then hands over to Spring Boot's
 * launcher. Compiled for Java 8, so it may use nothing newer.
 */
public final class Launcher {
  private static final int REQUIRED = 25;

  private Launcher() {}

  public static void main(String[] args) throws Throwable {
    String version = System.getProperty("java.specification.version", "unknown");
    if (feature(version) < REQUIRED) {
      System.err.println(
          "Quern needs Java "
              + REQUIRED
              + ", this is Java "
              + version
              + " ("
              + System.getProperty("java.home")
              + "); start it with bin/quern, which finds one, or name a newer java");
      System.exit(1);
    }
    try {
      Class.forName("org.springframework.boot.loader.launch.JarLauncher")
          .getMethod("main", String[].class)
          .invoke(null, (Object) args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** 8 for {@code 1.8}, 25 for {@code 25}; 0 for what is no number. */
  private static int feature(String version) {
    try {
      return Integer.parseInt(version.startsWith("1.") ? version.substring(2) : version);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
