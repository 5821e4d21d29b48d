internal import Service

/// What `check` found, in the order of its subjects.
struct CheckReport {
    enum Subject: String, CaseIterable {
        case settings, clock, database
        case dns = "DNS"
        case relay
        case tls = "TLS"
        case credentials, senders

        var exitCode: ExitCode {
            switch self {
            case .settings, .clock: .config
            case .database: .ioError
            case .dns, .relay, .tls, .credentials, .senders: .unavailable
            }
        }
    }

    enum Result: String {
        case ok
        /// For the record.
        case info
        /// It works, and may not go on doing so.
        case warn
        case fail = "FAIL"
        /// What it depends on failed.
        case skip
    }

    struct Finding {
        var subject: Subject
        var result: Result
        /// What was found, and where it is not well what to do.
        var text: String

        init(_ subject: Subject, _ result: Result, _ text: String) {
            self.subject = subject
            self.result = result
            self.text = text
        }
    }

    var findings: [Finding] = []

    /// The first failure's: the subjects stand in the order in which they depend on each other.
    var exitCode: ExitCode {
        findings.first { $0.result == .fail }?.subject.exitCode ?? .ok
    }

    var text: String {
        findings.map { finding in
            finding.result.rawValue.padded(to: 6) + finding.subject.rawValue.padded(to: 13)
                + Escaping.printable(finding.text, limit: 4_096) + "\n"
        }.joined()
    }

    var json: JSON {
        .array(
            findings.map { finding in
                .object([
                    "check": .string(finding.subject.rawValue.lowercased()),
                    "result": .string(finding.result.rawValue.lowercased()),
                    "text": .string(finding.text),
                ])
            })
    }
}
