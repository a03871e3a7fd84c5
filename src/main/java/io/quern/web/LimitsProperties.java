package io.quern.web;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What one request may ask for.
///
/// @param body largest request body; enforced while it is read
/// @param bodies most bytes of large request bodies (beyond 64 KiB) that are read and checked at a
///   time; further ones wait, then are refused (429)
/// @param qubits most qubits of a circuit or machine
/// @param gates most operations of a circuit after its gate definitions are expanded
/// @param batch most tasks in one batch
/// @param page most tasks on one page of a list; a page has 50 unless `limit` says otherwise
/// @param longestWait longest time a request for a result may wait
/// @param streams most event streams open at once, SSE and WebSocket together; as many requests may
///   wait for a result, further ones are answered without waiting
/// @param keepAlive time without events after which a stream sends a sign of life
/// @param slowReader longest time one event may take to be sent over WebSocket before the reader
///   counts as slow
@Validated
@ConfigurationProperties("quern.limits")
public record LimitsProperties(
    @NotNull @DefaultValue("16MB") DataSize body,
    @NotNull @DefaultValue("64MB") DataSize bodies,
    @Min(1) @Max(8_192) @DefaultValue("1024") int qubits,
    @Min(1) @DefaultValue("1000000") int gates,
    @Min(1) @DefaultValue("1000") int batch,
    @Min(1) @Max(10_000) @DefaultValue("200") int page,
    @Name("wait") @DurationMin(seconds = 0) @DefaultValue("60s") Duration longestWait,
    @Min(1) @DefaultValue("4096") int streams,
    @DurationMin(millis = 1) @DefaultValue("15s") Duration keepAlive,
    @DurationMin(millis = 1) @DefaultValue("10s") Duration slowReader) {}
