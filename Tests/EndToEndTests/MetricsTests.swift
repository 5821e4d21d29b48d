import Delivery
import Foundation
import Glibc
import Service
import TestSupport
import Testing

/// `OUTBOXD_METRICS_LISTEN` and `OUTBOXD_METRICS_FILE`, as whoever watches a daemon sees them.
struct MetricsTests {
    @Test func `the numbers are what happened`() throws {
        let relay = try ScriptedRelay(rules: [
            .refuse(recipient: "no@example.test"), .refuse(recipient: "later@example.test", 450),
            .first(1, .dot, .acceptThenClose),
        ])
        let port = try ReservedPort()
        let outboxd = try Outboxd.metered(port, relay: relay)
        defer { outboxd.end() }
        let now = TestClock.wall.milliseconds
        try outboxd.run()
        // Uncertain at first, then sent again.
        let unsure = try outboxd.insert(Row(conversation: "c0", instant: true))[0]
        #expect(try outboxd.status(unsure, after: "sent").summary == "sent")
        try outboxd.markRead("c2", upTo: now)
        // Two in one mail, one that was read, one that fails, one that is put off, one that makes no sense.
        let ids = try outboxd.insert(
            Row(conversation: "c1", createdAt: now), Row(conversation: "c1", createdAt: now + 1),
            Row(conversation: "c2", createdAt: now), Row(to: "no@example.test", instant: true),
            Row(to: "later@example.test", instant: true), Row(to: "nobody", instant: true))
        for (id, state) in zip(ids, ["sent", "sent", "skipped", "failed", "pending", "failed"]) {
            _ = try outboxd.status(id, after: state, state == "pending" ? "deferred" : nil)
        }
        let scrape = try Scrape.wait(port: port.number) {
            $0.value(#"outboxd_emails_saved_total{by="read"}"#) == 1
                && $0.value(#"outboxd_notifications_waiting{reason="deferred"}"#) == 1
                // The one that is put off is due for a moment before each attempt.
                && $0.value("outboxd_oldest_due_age_seconds") == 0
        }
        let expected: [(String, Double)] = [
            (#"outboxd_notifications_total{outcome="sent",reason=""}"#, 3),
            (#"outboxd_notifications_total{outcome="skipped",reason="read"}"#, 1),
            (#"outboxd_notifications_total{outcome="failed",reason="rejected"}"#, 1),
            (#"outboxd_notifications_total{outcome="failed",reason="invalid_address"}"#, 1),
            (#"outboxd_notifications_ingested_total"#, 7),
            (#"outboxd_deliveries_total{outcome="sent",stage="final"}"#, 2),
            (#"outboxd_deliveries_total{outcome="uncertain",stage="final"}"#, 1),
            (#"outboxd_deliveries_total{outcome="failed",stage="rcpt"}"#, 1),
            (#"outboxd_uncertain_total{cause="no_reply"}"#, 1),
            (#"outboxd_emails_saved_total{by="combining"}"#, 1),
            (#"outboxd_emails_saved_total{by="read"}"#, 1),
            (#"outboxd_notifications_waiting{reason="deferred"}"#, 1),
            ("outboxd_oldest_due_age_seconds", 0), ("outboxd_relay_up", 1),
            ("outboxd_database_up", 1), ("outboxd_healthy", 1), ("outboxd_paused", 0),
            (#"outboxd_lateness_seconds_count{class="held"}"#, 1),
            (#"outboxd_lateness_seconds_count{class="instant"}"#, 3),
            (#"outboxd_relay_duration_seconds_count{phase="final"}"#, 2),
        ]
        for (sample, value) in expected { #expect(scrape.value(sample) == value, "\(sample)") }
        let deferred = scrape.value(#"outboxd_deliveries_total{outcome="deferred",stage="rcpt"}"#)
        #expect((deferred ?? 0) >= 1)
        #expect(scrape.status == 200)
        #expect(scrape.head.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
        #expect((scrape.value("process_resident_memory_bytes") ?? 0) > 1_048_576)
        #expect((scrape.value("outboxd_wal_size_bytes") ?? 0) > 0)
        #expect((scrape.value("outboxd_commit_duration_seconds_count") ?? 0) > 3)
        // No label grows with people or tenants.
        for word in ["example.test", "h1", "c1", "acme"] { #expect(!scrape.content.contains(word)) }
    }

    @Test func `a mail that a process died over is counted by the one that takes it over`() throws {
        let gate = Gate()
        let relay = try ScriptedRelay(rules: [.first(1, .dot, .hold(gate))])
        let port = try ReservedPort()
        let outboxd = try Outboxd.metered(port, ["OUTBOXD_LEASE": "1s"], relay: relay)
        defer { outboxd.end() }
        let first = try outboxd.run(settings: ["OUTBOXD_METRICS_LISTEN": "off"])
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(gate.waitForArrivals())
        first.kill()
        _ = first.waitForExit()
        gate.open()
        try outboxd.run()
        #expect(try outboxd.status(id, after: "sent").uncertain)
        let scrape = try Scrape("/metrics", port: port.number)
        #expect(scrape.value(#"outboxd_uncertain_total{cause="died"}"#) == 1)
    }

    // MARK: Probes

    @Test func `probes follow what happens`() throws {
        let relay = try ScriptedRelay()
        let port = try ReservedPort()
        let outboxd = try Outboxd.metered(
            port, ["OUTBOXD_MIGRATE": "never"], relay: relay, migrated: false)
        defer { outboxd.end() }
        func health() throws -> Scrape { try Scrape("/healthz", port: port.number) }
        func readiness() throws -> Scrape { try Scrape("/readyz", port: port.number) }
        let daemon = try outboxd.start("run")
        #expect(daemon.waitForOutput("metrics are served"))
        #expect(daemon.waitForOutput("waiting"))
        let waiting = try readiness()
        #expect(waiting.status == 503 && waiting.content.contains("there is no database at"))
        #expect(try health().status == 200)
        try outboxd.command("migrate")
        #expect(daemon.waitForOutput("outboxd runs"))
        #expect(try eventually { try readiness().status == 200 })
        #expect(try health().content.hasPrefix("healthy"))

        // Somebody has to come to a database that takes nothing.
        try outboxd.sql(BrokenStore.sql)
        try outboxd.insert(Row(conversation: "c2", instant: true))
        #expect(daemon.waitForOutput("the database can't be used"))
        let broken = try health()
        #expect(broken.status == 503 && broken.content.contains("the database can't be used"))
        #expect(try readiness().status == 503)
        try outboxd.sql(BrokenStore.mending)
        #expect(daemon.waitForOutput("the database can be used again", timeout: .seconds(20)))
        #expect(try health().status == 200 && readiness().status == 200)

        // A relay that is down is nothing that a restart would mend.
        relay.stop()
        try outboxd.insert(Row(conversation: "c3", instant: true))
        #expect(daemon.waitForOutput("the relay is in trouble"))
        let down = try Scrape.wait(port: port.number) { $0.value("outboxd_relay_up") == 0 }
        #expect(down.value("outboxd_relay_up") == 0 && down.value("outboxd_healthy") == 1)
        #expect(try eventually { try health().content.contains("the relay is down") })
        #expect(try health().status == 200 && readiness().status == 200)
    }

    @Test func `what is not there, and what may not be done, is said`() throws {
        let port = try ReservedPort()
        let outboxd = try Outboxd.metered(port)
        defer { outboxd.end() }
        try outboxd.run()
        let nothing = try Scrape("/", port: port.number)
        #expect(nothing.status == 404 && nothing.content.contains("/metrics, /healthz and /readyz"))
        let post = try Scrape("/metrics", port: port.number, method: "POST")
        #expect(post.status == 405 && post.head.contains("Allow: GET, HEAD"))
        let head = try Scrape("/metrics", port: port.number, method: "HEAD")
        #expect(head.status == 200 && head.content.isEmpty)
        #expect(try Scrape("/metrics?x=1", port: port.number).status == 200)
    }

    // MARK: Strangers

    /// Slow clients, garbage and a flood, all at once, while mail goes out.
    @Test func `strangers at the door touch no delivery`() throws {
        let port = try ReservedPort()
        let outboxd = try Outboxd.metered(port)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let isOver = Monitor(false)
        let number = port.number
        let strangers: [@Sendable () -> Void] = [
            {
                while !isOver.read(\.self) { _ = try? Scrape("/metrics", port: number) }
            },
            {
                let garbage = (0..<20_000).map { _ in UInt8.random(in: 0...255) }
                while !isOver.read(\.self) {
                    guard let connection = try? RawConnection(port: number) else { continue }
                    try? connection.send(garbage)
                }
            },
            {
                var idle: [RawConnection] = []
                while !isOver.read(\.self) {
                    if let connection = try? RawConnection(port: number) {
                        try? connection.send("GET /metrics HTTP/1.1\r\nX")
                        idle.append(connection)
                    }
                    if idle.count > 100 { idle.removeAll() }
                }
            },
        ]
        let threads = try strangers.map { stranger in
            try OSThread(name: "stranger") { stranger() }
        }
        defer {
            isOver.update { $0 = true }
            for thread in threads { thread.join() }
        }
        for round in 0..<10 {
            try outboxd.insert((0..<50).map { Row(conversation: "c\(round)-\($0)", instant: true) })
            #expect(try outboxd.wait(for: (round + 1) * 50, "sent"))
        }
        isOver.update { $0 = true }
        for thread in threads { thread.join() }
        #expect(outboxd.relay.record.mailCount == 500)
        // The door is open again as soon as the slow ones have had their time.
        #expect(
            eventually(timeout: .seconds(20)) {
                (try? Scrape("/metrics", port: number))?.status == 200
            })
        #expect(!daemon.errors.contains("error"), "\(daemon.errors)")
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
    }

    @Test func `a port that is taken costs one line and no mail`() throws {
        let port = try ReservedPort()
        let other = try Outboxd.metered(port)
        defer { other.end() }
        let holder = try other.run()
        let outboxd = try Outboxd.metered(port)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        #expect(daemon.errors.contains("error metrics can't be served; mail goes on"))
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        holder.terminate()
        #expect(holder.waitForExit() == .code(0))
        #expect(daemon.waitForOutput("metrics are served", timeout: .seconds(20)))
        #expect(daemon.errors.ranges(of: "metrics can't be served").count == 1)
    }

    @Test func `an address that is none ends with 78, whatever else is right`() throws {
        let outboxd = try Outboxd()
        defer { outboxd.end() }
        for text in [":9464", "9464", "relay.example:9464"] {
            let result = try outboxd.command(
                "run", settings: ["OUTBOXD_METRICS_LISTEN": text])
            #expect(result.exit == .code(78))
            #expect(result.errors.contains("OUTBOXD_METRICS_LISTEN"))
            #expect(result.errors.contains("such as 127.0.0.1:9464"))
        }
    }

    /// Who closes it last takes the log away: the thread that reads must not be the last.
    @Test func `after a stop nothing but the epoch lies beside the database`() throws {
        let port = try ReservedPort()
        let outboxd = try Outboxd.metered(port)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let scrape = try Scrape.wait(port: port.number) {
            $0.value("outboxd_wal_size_bytes") != nil
        }
        #expect(scrape.value("outboxd_wal_size_bytes") != nil)
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
        let files = try FileManager.default.contentsOfDirectory(atPath: outboxd.directory.path)
        #expect(files.sorted() == ["outbox.db", "outbox.db-outboxd-epoch"])
    }

    @Test func `a view that takes minutes keeps no other figure from being read`() throws {
        let port = try ReservedPort()
        let outboxd = try Outboxd.metered(port)
        defer { outboxd.end() }
        try outboxd.sql(
            """
            DROP TABLE helpdesks;
            CREATE TABLE tenants (id TEXT PRIMARY KEY);
            INSERT INTO tenants VALUES ('h1');
            CREATE VIEW helpdesks AS SELECT t.id, 'Acme' AS name, 'support@acme.test' AS from_address,
                NULL AS reply_to, NULL AS bounce_address, NULL AS ticket_center_url,
                NULL AS dashboard_url, '' AS allowed_domains, 'en' AS locale,
                (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e10)
                    SELECT count(*) FROM n) * 0 AS paused
            FROM tenants t
            """)
        try outboxd.run()
        let scrape = try Scrape.wait(port: port.number) {
            $0.value("outboxd_oldest_due_age_seconds") != nil
        }
        #expect(scrape.value("outboxd_oldest_due_age_seconds") == 0)
        #expect(try Scrape("/healthz", port: port.number).status == 200)
        let sample = try #require(scrape.value("outboxd_sample_age_seconds"))
        #expect(sample < 10)
    }

    // MARK: The file

    @Test func `the file holds the same, up to the end`() throws {
        let directory = try TemporaryDirectory()
        try directory.makeDirectory("textfile")
        let path = directory.file("textfile/outboxd.prom")
        let outboxd = try Outboxd(["OUTBOXD_METRICS_FILE": path], directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        func text() -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }
        #expect(eventually { text().contains("outboxd_build_info{") })
        let id = try outboxd.insert(Row(instant: true))[0]
        _ = try outboxd.status(id, after: "sent")
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
        #expect(text().contains("\noutboxd_notifications_total{outcome=\"sent\",reason=\"\"} 1\n"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: directory.file("textfile")) == [
                "outboxd.prom"
            ])
        let promtool = try Executable.find("promtool", package: "prometheus")
        let check = try ChildProcess.run(promtool, ["check", "metrics"], input: text())
        #expect(check.exit == .code(0) && check.errors.isEmpty, "\(check.errors)")
    }

    @Test(arguments: ["nowhere/outboxd.prom", "outbox.db"])
    func `a file that can't be written costs one line and no mail`(name: String) throws {
        let directory = try TemporaryDirectory()
        let outboxd = try Outboxd(
            ["OUTBOXD_METRICS_FILE": directory.file(name)], directory: directory)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        #expect(daemon.waitForOutput("error metrics can't be written; mail goes on"))
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        daemon.terminate()
        #expect(daemon.waitForExit() == .code(0))
        #expect(daemon.errors.ranges(of: "metrics can't be written").count == 1)
        #expect(try outboxd.status(id).summary == "sent")
    }
}
