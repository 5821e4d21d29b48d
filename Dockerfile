# The container sidecar: shares a volume with the API server's container.
#
#     docker build -t outboxd .
#     docker run --read-only --cap-drop all --security-opt no-new-privileges \
#         --env-file outboxd.env -v outbox:/var/lib/outboxd outboxd
#
# Containers.md in the documentation says the rest: systemd/container has manifests for Compose and Kubernetes.

FROM swift:6.3-bookworm AS build
# The newest versions on purpose: they are what Debian's security updates fix.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libcurl4-openssl-dev libsqlite3-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources Sources
# The manifest names the tests' folders; only the product is built.
COPY Tests Tests
RUN swift build -c release --product outboxd --static-swift-stdlib \
    && strip -o /outboxd "$(swift build -c release --static-swift-stdlib --show-bin-path)/outboxd"

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libcurl4 libsqlite3-0 tzdata \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 -m 2770 /var/lib/outboxd
COPY --from=build /outboxd /usr/bin/outboxd
# Two arenas of memory are enough for two busy threads; the C library would make one for each. Dispatch may not
# raise the priority of its threads in here, and would log that it can't.
ENV MALLOC_ARENA_MAX=2 LIBDISPATCH_LOG=NO
# No OUTBOXD_DATABASE: it would beat that of a settings file. Where nobody sets one, `outbox.db` in here it is.
WORKDIR /var/lib/outboxd
VOLUME /var/lib/outboxd
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
# Finishes the mail under way; OUTBOXD_STOP_TIMEOUT (8s) is less than Docker's 10 s.
STOPSIGNAL SIGTERM
# Costs the same whatever the database holds. Before there is one it fails: that is what the start period is for.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s --retries=3 CMD ["/usr/bin/outboxd", "health"]
ENTRYPOINT ["/usr/bin/outboxd"]
CMD ["run"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="outboxd" \
      org.opencontainers.image.description="Tells people by email that somebody replied to them: sends what stands in an SQLite outbox" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
