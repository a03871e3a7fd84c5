# Quern in a container:
#
#   docker build -t quern .
#   docker run --rm quern token > tokens.properties
#   docker run -p 8080:8080 -v quern-data:/var/lib/quern -v "$PWD/tokens.properties:/etc/quern/application.properties:ro" \
#     --read-only --tmpfs /tmp quern
#
# A container listens on all its addresses, so it does not start without a token. Both base images can be replaced:
# JDK_IMAGE needs a JDK 25 on the PATH, BASE_IMAGE only glibc, bash and grep. `docker run quern manager ...` runs a manager.
ARG JDK_IMAGE=docker.io/library/eclipse-temurin:25-jdk
ARG BASE_IMAGE=docker.io/library/debian:13-slim

# --- The jar, taken apart for a faster start, and a Java with only the modules Quern uses.
FROM ${JDK_IMAGE} AS build
WORKDIR /src
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src src
# Tests, format check and the rest belong to ./mvnw verify, not to an image.
RUN ./mvnw -B -q -DskipTests package \
    && java -Djarmode=tools -jar target/quern.jar extract --destination /opt/quern
COPY bin/quern /opt/quern/bin/quern
RUN jlink --output /opt/java --no-header-files --no-man-pages --strip-java-debug-attributes --compress zip-6 \
    --add-modules java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.prefs,java.rmi,java.scripting,java.security.jgss,java.security.sasl,java.sql,java.transaction.xa,java.xml,java.xml.crypto,jdk.crypto.ec,jdk.incubator.vector,jdk.jcmd,jdk.jfr,jdk.management,jdk.management.agent,jdk.net,jdk.unsupported,jdk.zipfs

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Quern" \
      org.opencontainers.image.description="A quantum circuit compilation service" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/java /opt/java
COPY --from=build /opt/quern /opt/quern
ENV PATH=/opt/quern/bin:/opt/java/bin:${PATH} \
    QUERN_JAVA_HOME=/opt/java \
    QUERN_JAR=/opt/quern/quern.jar \
    QUERN_JAVA_OPTS=-XX:MaxRAMPercentage=70 \
    SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    MANAGEMENT_SERVER_PORT=8081 \
    QUERN_STORE_PATH=/var/lib/quern \
    SPRING_CONFIG_ADDITIONAL_LOCATION=optional:file:/etc/quern/
RUN mkdir -p /var/lib/quern /etc/quern && chown 10001:10001 /var/lib/quern
USER 10001:10001
WORKDIR /var/lib/quern
VOLUME /var/lib/quern
# The tasks API; health and metrics; managers.
EXPOSE 8080 8081 7470
STOPSIGNAL SIGTERM
# Without curl in the image: one request by the shell itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8081 && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '\"UP\"' <&3"]
ENTRYPOINT ["quern"]
CMD ["serve"]
