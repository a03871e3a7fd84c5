package io.quern;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// The entry point of every role.
@SpringBootApplication
public class QuernApplication {

  public static void main(String[] args) {
    SpringApplication.run(QuernApplication.class, args);
  }
}
