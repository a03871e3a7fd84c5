package io.quern.task.store;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Where tasks are kept.
///
/// @param path directory of the database file, created if it is not there
/// @param sync when a commit counts as durable: `process` survives the end of the process in any
///   way, `fsync` loss of power too, at the price of one disk flush for each group of commits
/// @param queue bound of what waits to be written; new tasks are refused (503) when it is reached
/// @param readers most reads at the same time; further ones wait
/// @param cache page cache of the database
@Validated
@ConfigurationProperties("quern.store")
public record StoreProperties(
    @NotNull @DefaultValue("data") Path path,
    @NotNull @DefaultValue("process") StoreDatabase.Sync sync,
    @NotNull @DefaultValue("64MB") DataSize queue,
    @Min(1) @DefaultValue("16") int readers,
    @NotNull @DefaultValue("64MB") DataSize cache) {

  StoreDatabase.Settings settings() {
    return new StoreDatabase.Settings(path, sync, readers, Math.toIntExact(cache.toKilobytes()));
  }
}
