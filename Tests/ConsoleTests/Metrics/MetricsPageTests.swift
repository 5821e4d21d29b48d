import Delivery
import Foundation
@testable import Store
import TestSupport
import Testing

@testable import Console
@testable import Engine

/// `/metrics` and its page in the documentation.
struct MetricsPageTests {

    /// With everything that can be known.
    private static func page(_ change: (inout ServiceState) -> Void = { _ in }) -> String {
        var state = ServiceState(phase: .running, now: WallTime(milliseconds: 1_795_855_330_000))
        state.storingIdle = .milliseconds(250)
        state.sendingIdle = .seconds(1)
        state.sampleAge = .seconds(2)
        var numbers = OutboxView.Numbers(
            counts: [:], waiting: [.hold: 4], oldestDueAt: nil, savedByRead: 5, savedByCombining: 6,
            mailsInLastMinute: 0, mailsInLastFiveMinutes: 0, mailsInLastHour: 0, heldMails: 0)
        numbers.waiting[.sender] = 2
        state.sample = DatabaseSample(
            takenAt: SteadyTime(nanoseconds: 1),
            health: OutboxView.Health(
                dueSince: state.now - .milliseconds(2_500), relay: RelayStatus(state: .up)),
            numbers: numbers, databaseBytes: 4_096, walBytes: 8_192)
        state.metrics.endings = [.sent: 3, .failed(.rejected): 1]
        state.metrics.deliveries = [.init(.returned, .store): 2]
        state.metrics.commits.add(.milliseconds(4))
        state.metrics.claimedBatches.add(3)
        state.metrics.pruned = 7
        change(&state)
        let octets = MetricsPage.octets(of: state, process: ProcessFigures(), startTime: 1.5)
        return String(decoding: octets, as: UTF8.self)
    }

    private static func lines(_ change: (inout ServiceState) -> Void = { _ in }) -> Set<String> {
        Set(page(change).components(separatedBy: "\n"))
    }

    @Test func `samples are what the state holds`() {
        let lines = Self.lines()
        for line in [
            #"outboxd_notifications_total{outcome="sent",reason=""} 3"#,
            #"outboxd_notifications_total{outcome="failed",reason="rejected"} 1"#,
            #"outboxd_notifications_total{outcome="skipped",reason="read"} 0"#,
            #"outboxd_notifications_waiting{reason="hold"} 4"#,
            #"outboxd_notifications_waiting{reason="sender"} 2"#,
            #"outboxd_notifications_waiting{reason="relay"} 0"#,
            "outboxd_notifications_pruned_total 7",
            "outboxd_oldest_due_age_seconds 2.5", "outboxd_relay_up 1", "outboxd_paused 0",
            // Not usual, but it happened.
            #"outboxd_deliveries_total{outcome="returned",stage="store"} 2"#,
            #"outboxd_emails_saved_total{by="read"} 5"#,
            #"outboxd_emails_saved_total{by="combining"} 6"#,
            #"outboxd_commit_duration_seconds_bucket{le="0.003"} 0"#,
            #"outboxd_commit_duration_seconds_bucket{le="0.005"} 1"#,
            #"outboxd_commit_duration_seconds_bucket{le="+Inf"} 1"#,
            "outboxd_commit_duration_seconds_sum 0.004", "outboxd_commit_duration_seconds_count 1",
            #"outboxd_batch_size_mails_bucket{kind="claimed",le="2"} 0"#,
            #"outboxd_batch_size_mails_bucket{kind="claimed",le="4"} 1"#,
            #"outboxd_batch_size_mails_sum{kind="claimed"} 3"#,
            "outboxd_wal_size_bytes 8192", "outboxd_database_size_bytes 4096",
            "outboxd_sample_age_seconds 2", "outboxd_healthy 1", "outboxd_database_up 1",
            #"outboxd_last_round_age_seconds{thread="storing"} 0.25"#,
            "process_start_time_seconds 1.5",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func `what this process knows of the relay beats what the database says`() {
        #expect(Self.lines { $0.metrics.isRelayUp = false }.contains("outboxd_relay_up 0"))
        let isKnown = Self.page { $0.sample?.health.relay.state = .unknown }
            .contains("\noutboxd_relay_up ")
        #expect(!isKnown)
    }

    @Test func `trouble shows`() {
        let lines = Self.lines { $0.metrics.databaseTrouble = "disk full" }
        #expect(lines.contains("outboxd_healthy 0") && lines.contains("outboxd_database_up 0"))
        let waiting = Self.lines { $0.phase = .waiting("no database") }
        #expect(waiting.contains("outboxd_healthy 1") && waiting.contains("outboxd_database_up 0"))
    }

    /// Silent, in every state: a half of the page may not be known.
    @Test func `promtool finds nothing to say`() throws {
        let pages = [
            Self.page(), Self.page { $0 = ServiceState() }, Self.page { $0.sample = nil },
        ]
        for page in pages {
            let promtool = try Executable.find("promtool", package: "prometheus")
            let result = try ChildProcess.run(promtool, ["check", "metrics"], input: page)
            #expect(result.exit == .code(0) && result.output + result.errors == "", "\(result)")
        }
    }

    @Test func `every metric begins with what it is, once`() {
        let page = Self.page()
        for family in MetricFamily.allCases {
            #expect(page.ranges(of: "# HELP \(family.name) ").count == 1, "\(family.name)")
            #expect(page.ranges(of: "# TYPE \(family.name) ").count == 1, "\(family.name)")
        }
        let names = page.components(separatedBy: "\n").filter { $0.hasPrefix("# HELP ") }
        #expect(names.count == MetricFamily.allCases.count)
        // The textfile collector's file is known by its first line.
        #expect(page.hasPrefix("# HELP outboxd_"))
    }

    // MARK: The documentation

    private static func documentation() throws -> String {
        try Repository.text(ofPage: "Metrics")
    }

    @Test func `each metric has a section, which says what to do`() throws {
        let page = try Self.documentation()
        let headings = page.components(separatedBy: "\n").filter { $0.hasPrefix("### ") }
        #expect(
            Set(headings) == Set(MetricFamily.allCases.map { "### `\($0.name)`" }),
            "Metrics.md and MetricFamily differ")
        #expect(headings.count == MetricFamily.allCases.count)
        for section in page.components(separatedBy: "\n### ").dropFirst() {
            #expect(section.count > 60, "\(section)")
        }
    }

    /// Values of labels are words of the code.
    @Test func `the labels that the page names are those of the code`() throws {
        let page = try Self.documentation()
        let values =
            WaitReason.allCases.map(\.rawValue) + DeliveryOutcome.allCases.map(\.rawValue)
            + EngineMetrics.Doubt.allCases.map(\.rawValue)
            + EngineMetrics.Prevention.allCases.map(\.rawValue)
            + EngineMetrics.Phase.allCases.map(\.rawValue)
        for value in values { #expect(page.contains("`\(value)`"), "\(value)") }
    }

    @Test func `the alert rules use metrics that there are, and the page tells of each alert`()
        throws
    {
        let rules = try String(
            contentsOf: Repository.root.appending(path: "systemd/prometheus/outboxd.rules.yml"),
            encoding: .utf8)
        let name = try Regex("(outboxd|process)_[a-z_]+(?=[^a-z_.])")
        var count = 0
        for match in rules.matches(of: name) {
            let found = String(rules[match.range])
            let isThere = MetricFamily.allCases.contains {
                $0.name == found || $0.kind == .histogram && $0.name + "_bucket" == found
            }
            #expect(isThere, "\(found)")
            count += 1
        }
        #expect(count > 15)
        let alerts = rules.matches(of: try Regex("alert: (\\w+)")).map {
            String($0.output[1].substring ?? "")
        }
        let documented = try Self.documentation().matches(of: try Regex("\\| `(Outboxd\\w+)`"))
            .map { String($0.output[1].substring ?? "") }
        #expect(alerts == documented)
    }
}
