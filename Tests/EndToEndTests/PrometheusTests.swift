import Foundation
import TestSupport
import Testing

/// A real Prometheus scrapes a real outboxd, and its alert rules ring.
struct PrometheusTests {
    private static let rules = Repository.root.appending(
        path: "systemd/prometheus/outboxd.rules.yml")

    @Test func `each alert rule does as its tests say`() throws {
        let folder = Self.rules.deletingLastPathComponent().path
        try ChildProcess.tool(
            "promtool", ["check", "rules", "outboxd.rules.yml"], package: "prometheus",
            directory: folder)
        try ChildProcess.tool(
            "promtool", ["test", "rules", "outboxd.rules.test.yml"], package: "prometheus",
            directory: folder)
        let rules = try String(contentsOf: Self.rules, encoding: .utf8)
        let tests = try String(
            contentsOf: Self.rules.deletingLastPathComponent()
                .appending(path: "outboxd.rules.test.yml"), encoding: .utf8)
        let alerts = rules.matches(of: try Regex("alert: (\\w+)"))
        #expect(alerts.count > 10)
        for alert in alerts {
            let name = String(alert.output[1].substring ?? "")
            for end in ["rings", "is silent"] {
                #expect(tests.contains("name: \(name) \(end)\n"), "\(name) \(end)")
            }
        }
    }

    /// Settings as Metrics.md shows them; only times and the port differ.
    private func configuration(_ outboxd: UInt16) throws -> String {
        let page = try Repository.text(ofPage: "Metrics")
        let block = page.components(separatedBy: "```yaml\n").last?
            .components(separatedBy: "```").first
        let text = try #require(block)
        #expect(text.contains("127.0.0.1:9464"))
        return "global: {scrape_interval: 500ms, evaluation_interval: 500ms}\n"
            + text.replacing("127.0.0.1:9464", with: "127.0.0.1:\(outboxd)")
    }

    @Test func `it scrapes, and rings when the relay is gone`() throws {
        let (port, own) = (try ReservedPort(), try ReservedPort())
        let outboxd = try Outboxd.metered(port)
        defer { outboxd.end() }
        let daemon = try outboxd.run()
        let directory = try TemporaryDirectory()
        try directory.write(try configuration(port.number), to: "prometheus.yml")
        // What an alert waits for is tested with `promtool`; here it rings at once.
        let rules = try String(contentsOf: Self.rules, encoding: .utf8)
            .replacing(try Regex("for: \\w+"), with: "for: 0s")
        try directory.write(rules, to: "outboxd.rules.yml")
        let prometheus = try ChildProcess(
            try Executable.find("prometheus", package: "prometheus"),
            [
                "--config.file=prometheus.yml", "--storage.tsdb.path=data",
                "--web.listen-address=127.0.0.1:\(own.number)",
            ], environment: ChildProcess.inheritedEnvironment, directory: directory.path)
        defer {
            prometheus.kill()
            _ = prometheus.waitForExit()
        }
        func ask(_ path: String) -> String {
            (try? Scrape(path, port: own.number))?.content ?? ""
        }
        func value(_ query: String) -> String? {
            let answer = ask("/api/v1/query?query=\(query)")
            let found = answer.firstMatch(of: #/"value":\[[0-9.]+,"([^"]*)"\]/#)
            return found.map { String($0.1) }
        }
        let isUp = eventually(timeout: .seconds(60)) { value("up") == "1" }
        try #require(isUp, "\(prometheus.errors)")
        let id = try outboxd.insert(Row(instant: true))[0]
        _ = try outboxd.status(id, after: "sent")
        let sent = "outboxd_notifications_total%7Boutcome%3D%22sent%22%7D"
        #expect(eventually(timeout: .seconds(20)) { value(sent) == "1" })
        #expect(value("outboxd_relay_up") == "1")
        #expect(value("count(scrape_samples_scraped%3E150)") == "1")
        #expect(!ask("/api/v1/alerts").contains("OutboxdRelayDown"))

        outboxd.relay.stop()
        try outboxd.insert(Row(conversation: "c2", instant: true))
        #expect(daemon.waitForOutput("the relay is in trouble"))
        func rings(_ alert: String) -> Bool {
            eventually(timeout: .seconds(20)) {
                ask("/api/v1/alerts").contains(#""alertname":"\#(alert)""#)
            }
        }
        #expect(rings("OutboxdRelayDown"), "\(ask("/api/v1/alerts"))")
        daemon.kill()
        #expect(rings("OutboxdGone"), "\(ask("/api/v1/alerts"))")
    }
}
