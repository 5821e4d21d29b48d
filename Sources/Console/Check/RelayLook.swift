internal import Delivery
internal import SMTP

/// One attempt to open a connection, and all that was seen of it.
struct RelayLook {
    var result: Result<RelayConnection, RelayTrouble>
    var notes: LookNotes

    /// - Parameter mayWait: asked about every 50 ms whether to go on waiting.
    init(_ settings: ConnectionSettings, mayWait: @escaping (LookNotes) -> Bool = { _ in true }) {
        let notes = LookNotes()
        self.notes = notes
        do throws(RelayTrouble) {
            let connection = try RelayConnection.open(
                settings, shouldStop: { !mayWait(notes) }, watch: notes.note)
            result = .success(connection)
        } catch {
            result = .failure(error)
        }
    }

    /// Only to see what is there: no password goes out, nothing is checked and nothing is sent.
    static func probe(_ settings: ConnectionSettings, implicitTLS: Bool, tls: TLSMode) -> LookNotes
    {
        var look = settings.withoutLogin
        (look.implicitTLS, look.tls) = (implicitTLS, tls)
        look.connectTimeout = min(look.connectTimeout, .seconds(5))
        look.commandTimeout = min(look.commandTimeout, .seconds(5))
        let found = RelayLook(look)
        if case .success(let connection) = found.result {
            connection.leave()
            connection.close()
        }
        return found.notes
    }
}

/// What was seen while a connection was opened.
///
/// Used by one thread.
final class LookNotes {
    /// The relay's lines.
    private(set) var replies: [String] = []
    private(set) var chain: [RelayCertificate] = []
    private(set) var isEncrypted = false
    private(set) var connectedAt: ContinuousClock.Instant?
    private(set) var phases: [(ConnectionPhase, Duration)] = []

    func note(_ event: ConnectionEvent) {
        switch event {
        case .received(let line): if replies.count < 500 { replies.append(line) }
        case .certificates(let found): chain = found
        case .encrypted: isEncrypted = true
        case .connected: connectedAt = .now
        case .took(let phase, let duration): add(phase, duration)
        case .sent: break
        }
    }

    private func add(_ phase: ConnectionPhase, _ duration: Duration) {
        if let index = phases.firstIndex(where: { $0.0 == phase }) {
            phases[index].1 += duration
        } else {
            phases.append((phase, duration))
        }
    }

    /// The mechanisms that the last EHLO reply offered, and STARTTLS.
    var offers: RelayExtensions {
        let start = replies.lastIndex { $0.hasPrefix("250-") && !isKeyword($0) } ?? 0
        return RelayExtensions(ehloLines: replies[start...].map { String($0.dropFirst(4)) })
    }

    /// The first line of an EHLO reply is the relay's name, which has a dot or stands alone.
    private func isKeyword(_ line: String) -> Bool {
        let word = line.dropFirst(4).prefix { $0 != " " }
        return word.allSatisfy { $0.isUppercase || $0.isNumber || $0 == "-" || $0 == "=" }
    }

    /// `looking up the name 2 ms, connecting 12 ms`.
    var times: String {
        phases.map { "\($0.0.words) \(TimeText.length($0.1))" }.joined(separator: ", ")
    }
}
