package io.quern.web;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.quern.task.EventFeed;
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
  EventStreams eventStreams(TaskLookup tasks, EventFeed feed, LimitsProperties limits) {
    return new EventStreams(tasks, feed, limits);
  }

  @Bean
  TaskWait taskWait(TaskLookup tasks, EventFeed feed, EventStreams streams) {
    return new TaskWait(tasks, feed, streams);
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
