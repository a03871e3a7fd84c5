package io.quern.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The description of the API, written by hand because what matters in it (headers, problems, the
/// first character that decides what a body is) cannot be read off Java signatures.
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

  @Bean
  OpenAPI openApi(ObjectProvider<BuildProperties> build) throws IOException {
    OpenAPI description = read();
    BuildProperties known = build.getIfAvailable();
    if (known != null) {
      description.getInfo().setVersion(known.getVersion());
    }
    return description;
  }

  /// Reads the file with its anchors and merge keys resolved, which Jackson does not do.
  private static OpenAPI read() throws IOException {
    try (InputStream file = new ClassPathResource("openapi.yaml").getInputStream()) {
      Map<String, Object> tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(file);
      ObjectMapper mapper = Json31.mapper();
      OpenAPI description = mapper.convertValue(tree, OpenAPI.class);
      description.setSpecVersion(SpecVersion.V31);
      return description;
    }
  }
}
