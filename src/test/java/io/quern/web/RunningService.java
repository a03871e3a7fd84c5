package io.quern.web;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;

/// The whole service on ports of its own, over a store of its own; classes that ask for it share
/// one.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "quern.store.path=target/it-store/${random.uuid}",
      "quern.runtime.workers=2",
      "quern.runtime.drain=0ms",
      // A browser on a busy machine is slow; what becomes of slow readers is asked in StreamIT.
      "quern.limits.slow-reader=2m",
      "quern.limits.body=256KB",
      "quern.limits.qubits=128",
      "quern.limits.gates=20000"
    })
@interface RunningService {}
