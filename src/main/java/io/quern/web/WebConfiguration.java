package io.quern.web;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quern.task.EventFeed;
import io.quern.task.SubmissionLimits;
import io.quern.task.SubmissionReader;
import io.quern.task.TaskStore;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.server.HandshakeHandler;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/// What the controllers work with.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitsProperties.class)
class WebConfiguration {

  @Bean
  TaskLookup taskLookup(TaskStore store) {
    return new TaskLookup(store);
  }

  @Bean
  EventStreams eventStreams(
      TaskLookup tasks, EventFeed feed, LimitsProperties limits, MeterRegistry registry) {
    EventStreams streams = new EventStreams(tasks, feed, limits);
    Gauge.builder("quern.streams.open", streams, EventStreams::openStreams)
        .description("Event streams that are open, SSE and WebSocket together")
        .register(registry);
    FunctionCounter.builder("quern.streams.slow", streams, EventStreams::slowReaders)
        .description("WebSockets whose reader took too long for one event")
        .register(registry);
    return streams;
  }

  @Bean
  TaskWait taskWait(
      TaskLookup tasks, EventFeed feed, EventStreams streams, LimitsProperties limits) {
    return new TaskWait(tasks, feed, streams, limits.streams());
  }

  @Bean
  RequestBodies requestBodies(LimitsProperties limits) {
    return new RequestBodies(limits, RequestBodies.PATIENCE);
  }

  @Bean
  CheckingThreads checkingThreads() {
    return new CheckingThreads();
  }

  @Bean
  SubmissionReader submissionReader(LimitsProperties limits) {
    int characters = (int) Math.min(limits.body().toBytes(), Integer.MAX_VALUE);
    return new SubmissionReader(new SubmissionLimits(characters, limits.qubits(), limits.gates()));
  }

  @Bean
  TimeBasedEpochGenerator taskIds() {
    return Generators.timeBasedEpochGenerator();
  }

  @Bean
  HandshakeHandler handshakeHandler() {
    DefaultHandshakeHandler handshake = new DefaultHandshakeHandler();
    handshake.setSupportedProtocols(EventSocket.PROTOCOL);
    return handshake;
  }
}
