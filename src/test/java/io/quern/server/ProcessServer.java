package io.quern.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.quern.QuernApplication;
import io.quern.engine.compile.Compilation;
import io.quern.link.LinkContext;
import io.quern.node.LinkProperties;
import io.quern.node.Links;
import io.quern.processes.ProcessRoot;
import io.quern.task.TaskStore;
import io.quern.task.store.StoreWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/// The service with the functions of a [ProcessRoot] beside its own. It bears no stereotype:
/// nothing finds it by scanning.
public class ProcessServer {

  public static void main(String[] args) {
    List<String> settings = new ArrayList<>(List.of(args));
    settings.add("--spring.main.allow-bean-definition-overriding=true");
    new SpringApplication(QuernApplication.class, ProcessServer.class)
        .run(settings.toArray(String[]::new));
  }

  @Bean
  QuernServer quernServer(
      RuntimeProperties properties,
      TaskStore store,
      StoreWriter writer,
      LinkContext links,
      MeterRegistry registry) {
    return new QuernServer(
        properties,
        store,
        writer,
        ProcessRoot.ofThisProcess(),
        links.functions(),
        InstantSource.system(),
        new ServerMeters(registry));
  }

  @Bean
  LinkContext linkContext(LinkProperties properties, ObjectProvider<SslBundles> bundles) {
    LinkContext real = Links.context(properties, bundles.getIfAvailable(), List.of());
    return new LinkContext(
        "server",
        Compilation.VERSION,
        ProcessRoot.ofThisProcess().functions(),
        real.settings(),
        real.security(),
        List.of());
  }
}
