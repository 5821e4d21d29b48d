internal import Delivery
internal import Glibc
internal import SMTP
internal import Service

/// Connects as the daemon would, and leaves.
struct RelayCheck {
    typealias Finding = CheckReport.Finding

    var settings: ConnectionSettings

    /// A relay that is silent for longer would be waited for by the daemon, but not by a person.
    private static let longestSilence: Duration = .seconds(60)

    init(settings: ConnectionSettings) {
        self.settings = settings
        self.settings.commandTimeout = min(settings.commandTimeout, Self.longestSilence)
        self.settings.connectTimeout = min(settings.connectTimeout, Self.longestSilence)
    }

    func findings() -> [Finding] {
        do throws(RelayTrouble) {
            let connection = try RelayConnection.open(settings)
            defer { connection.close() }
            connection.leave()
            return Self.success(connection, settings)
        } catch {
            return Self.failure(error, settings)
        }
    }

    // MARK: What is said

    private static func success(
        _ connection: RelayConnection, _ settings: ConnectionSettings
    ) -> [Finding] {
        [
            Finding(.relay, .ok, "\(connection.peer) answers"),
            Finding(.relay, .info, offers(connection.extensions)),
            tls(connection.tls, settings), credentials(settings),
        ]
    }

    private static func tls(_ tls: String?, _ settings: ConnectionSettings) -> Finding {
        switch (tls, settings.tls) {
        case (let tls?, .required):
            Finding(.tls, .ok, "\(tls), the certificate is good for \(settings.host)")
        case (let tls?, _): Finding(.tls, .ok, "\(tls), the certificate was not looked at")
        case (nil, .none): Finding(.tls, .ok, "none, as OUTBOXD_SMTP_TLS says")
        case (nil, _): Finding(.tls, .ok, "none: the relay's is not offered or does not work")
        }
    }

    private static func credentials(_ settings: ConnectionSettings) -> Finding {
        guard let user = settings.username else {
            return Finding(.credentials, .ok, "none are set")
        }
        return Finding(.credentials, .ok, "the relay accepts those of \(user)")
    }

    static func offers(_ extensions: RelayExtensions) -> String {
        let size =
            switch extensions.size {
            case .notOffered: "SIZE is not offered"
            case .unlimited: "messages of any size"
            case .octets(let octets): "messages up to \(octets) octets"
            }
        let pipelining =
            extensions.pipelining ? "PIPELINING" : "no PIPELINING: each mail takes more time"
        let utf8 =
            extensions.smtpUTF8
            ? "SMTPUTF8" : "no SMTPUTF8: addresses beyond ASCII before the @ fail as unsupported"
        return [size, pipelining, utf8].joined(separator: "; ")
    }

    /// What stands before the stage in question worked.
    private static func failure(
        _ trouble: RelayTrouble, _ settings: ConnectionSettings
    ) -> [Finding] {
        let text = trouble.error.line
        let host = "\(settings.host):\(settings.port)"
        switch trouble.error.stage {
        case .tls, .starttls:
            return [
                Finding(.relay, .ok, "\(host) answers"),
                Finding(.tls, .fail, "\(text); check OUTBOXD_SMTP_TLS, OUTBOXD_SMTP_CA_FILE"),
                Finding(.credentials, .skip, "not checked"),
            ]
        case .auth:
            return [
                Finding(.relay, .ok, "\(host) answers"),
                Finding(
                    .tls, settings.tls == .required ? .ok : .skip,
                    settings.tls == .required ? "verified" : "not required"),
                Finding(
                    .credentials, .fail,
                    "\(text); check the user in OUTBOXD_SMTP_URL and the password"),
            ]
        default:
            return [
                Finding(
                    .relay, .fail,
                    "\(text); check OUTBOXD_SMTP_URL, the relay and the network between"),
                Finding(.tls, .skip, "not checked"), Finding(.credentials, .skip, "not checked"),
            ]
        }
    }
}
