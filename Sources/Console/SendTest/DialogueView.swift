internal import Delivery
internal import SMTP
internal import Service

/// Shows a dialogue as it happens: `>` is ours, `<` the relay's, `*` what is not said in words.
///
/// Used by one thread.
final class DialogueView {
    /// How long each phase took, in the order in which they came.
    private(set) var phases: [(name: String, took: Duration)] = []
    private let settings: ConnectionSettings
    private let redaction: ConnectionRedaction
    private let now: WallTime
    private var output: OutputLost?

    init(_ settings: ConnectionSettings, now: WallTime) {
        self.settings = settings
        self.now = now
        redaction = ConnectionRedaction(settings)
    }

    func note(_ event: ConnectionEvent) {
        switch event {
        case .sent(let line): show(">", line)
        case .received(let line): show("<", line)
        case .connected(let address): show("*", "connected to \(address), port \(settings.port)")
        case .encrypted(let tls):
            let check = settings.tls == .required ? "checked" : "not checked"
            show("*", "\(tls), the certificate is \(check)")
        case .certificates(let chain): if let first = chain.first { show(first) }
        case .took(let phase, let duration): took(phase.words, duration)
        }
    }

    func sent(_ line: String) { show(">", line) }

    /// A line of the relay's within a mail's dialogue.
    func received(_ line: String) { show("<", redaction.text(line)) }

    func describe(_ text: String) { show("*", redaction.text(text)) }

    func took(_ phase: String, _ duration: Duration) {
        if let index = phases.firstIndex(where: { $0.name == phase }) {
            phases[index].took += duration
        } else {
            phases.append((phase, duration))
        }
    }

    /// A line for people, without secrets that a relay may have repeated.
    func harmless(_ text: String) -> String { redaction.text(text) }

    /// `looking up the name 2 ms, connecting 12 ms`.
    var times: String {
        phases.map { "\($0.name) \(TimeText.length($0.took))" }.joined(separator: ", ")
    }

    /// - Throws: if nobody took what was shown.
    func finish() throws(OutputLost) {
        if let output { throw output }
    }

    private func show(_ certificate: RelayCertificate) {
        let subject = certificate.subject ?? "unknown"
        let end = certificate.notAfter.map { ", \(CertificateEnd(at: $0, now: now).words)" } ?? ""
        show("*", "its certificate: \(subject)\(end)")
    }

    /// Whoever reads may have gone; the dialogue goes on.
    private func show(_ sign: String, _ line: String) {
        guard output == nil else { return }
        do throws(OutputLost) {
            try Terminal.print("\(sign) \(Escaping.printable(line, limit: 2_000))\n")
        } catch {
            output = error
        }
    }
}

extension ConnectionPhase {
    /// As people read it.
    var words: String {
        switch self {
        case .lookup: "looking up the name"
        case .connect: "connecting"
        case .tls: "TLS"
        case .greeting: "greeting"
        case .ehlo: "EHLO"
        case .starttls: "STARTTLS"
        case .auth: "login"
        }
    }
}
