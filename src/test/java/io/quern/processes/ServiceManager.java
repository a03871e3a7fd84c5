package io.quern.processes;

import io.quern.engine.compile.Compilation;
import io.quern.link.LinkContext;
import io.quern.node.LinkProperties;
import io.quern.node.Links;
import io.quern.node.ManagerApplication;
import io.quern.node.ManagerProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;

/// The process of a manager as the service starts it, with the functions of a [ProcessRoot] in
/// place of the service's. It bears no stereotype: nothing finds it by scanning.
public class ServiceManager {

  public static void main(String[] args) {
    new SpringApplicationBuilder(ManagerApplication.class, ServiceManager.class)
        .properties(
            "spring.config.name=manager", "spring.main.allow-bean-definition-overriding=true")
        .run(args);
  }

  @Bean
  LinkContext linkContext(
      LinkProperties properties, ManagerProperties manager, ObjectProvider<SslBundles> bundles) {
    LinkContext real = Links.context(properties, bundles.getIfAvailable(), manager.labels());
    return new LinkContext(
        real.name(),
        Compilation.VERSION,
        ProcessRoot.ofThisProcess().functions(),
        real.settings(),
        real.security(),
        real.labels());
  }
}
