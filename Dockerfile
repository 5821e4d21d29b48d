# The container sidecar: shares a volume with the API server's container.
#
#     docker build -t outboxd .
#     docker run --env-file outboxd.env -v outbox:/var/lib/outboxd outboxd
#
# The API server's container must be able to write the same files: run both with the same --user, or
# with a common --group-add and umask 0007. For commands: docker exec CONTAINER outboxd status

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
    && strip -o /outboxd "$(swift build -c release --show-bin-path)/outboxd"

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libcurl4 libsqlite3-0 \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o 10001 -g 10001 -m 2770 /var/lib/outboxd
COPY --from=build /outboxd /usr/bin/outboxd
ENV OUTBOXD_DATABASE=/var/lib/outboxd/outbox.db
VOLUME /var/lib/outboxd
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
# Whether the database can be read; `outboxd check` says more.
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["/usr/bin/outboxd", "status"]
ENTRYPOINT ["/usr/bin/outboxd"]
CMD ["run"]
