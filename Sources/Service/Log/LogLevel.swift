/// How much a line matters.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, notice, warning, error

    /// The priority of syslog(3) and sd-daemon(3).
    package var priority: Int {
        switch self {
        case .debug: 7
        case .info: 6
        case .notice: 5
        case .warning: 4
        case .error: 3
        }
    }

    package static func < (lhs: LogLevel, rhs: LogLevel) -> Bool { lhs.priority > rhs.priority }
}

/// How lines are written.
package enum LogFormat: String, CaseIterable, Sendable {
    /// `2026-11-22T17:41:58.123Z info  message key=value key="a value"`
    case text
    /// One JSON object a line.
    case json
    /// Text without the time, with the priority before it, `<6>message key=value`: the journal
    /// reads the one and adds the other.
    case journal
}
