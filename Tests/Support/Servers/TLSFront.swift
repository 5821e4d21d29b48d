internal import Foundation

/// Puts TLS in front of relays that have none of their own, as well as it can or as wrongly as is asked
/// for: one process for as many relays as there are.
///
///     let front = try TLSFront()
///     let door = try front.open(.starttls, to: relay.port, fault: .reset)
///     // … outboxd is told to use localhost:door.port and front.caFile …
///
/// With `starttls` it passes the clear text on until the relay has answered STARTTLS with 220, does the
/// TLS, and goes on within it. Closes and resets are passed on both ways.
package final class TLSFront: Sendable {
    package enum Start: String, Sendable {
        case implicit, starttls
    }

    /// What the first connection through a door meets at the TLS handshake; the others meet nothing.
    package enum Fault: Sendable {
        case none
        /// After the client's first words.
        case close, reset, silence
        /// These words, which are no TLS, after the client's first words.
        case say(String)
        /// These words before the client has said anything.
        case sayEarly(String)
        /// These words again and again.
        case flood(String)
        /// The beginning of a TLS record, one octet every 20 ms.
        case drip
        /// All that the server says, in two halves each.
        case inTwoPieces
        /// The handshake is done, and then the connection ends.
        case cut
        /// For another host; all too old. Both are signed by who is trusted.
        case wrongCertificate, expiredCertificate

        var words: [String] {
            switch self {
            case .none: ["none"]
            case .close: ["close"]
            case .reset: ["reset"]
            case .silence: ["silence"]
            case .say(let text): ["say", text]
            case .sayEarly(let text): ["early", text]
            case .flood(let text): ["flood", text]
            case .drip: ["drip"]
            case .inTwoPieces: ["pieces"]
            case .cut: ["cut"]
            case .wrongCertificate: ["wrong"]
            case .expiredCertificate: ["expired"]
            }
        }
    }

    /// A port in front of a relay; closed with all its connections when nobody holds it.
    package final class Door: Sendable {
        package let port: Int
        private let control: RawConnection

        fileprivate init(_ request: String, control port: UInt16) throws {
            control = try RawConnection(port: port)
            try control.send(request + "\n")
            guard let number = Int(try control.readLine()) else {
                throw POSIXError(.ECONNREFUSED)
            }
            self.port = number
        }
    }

    /// Trusts all certificates that the front has.
    package let caFile: String
    private let directory: TemporaryDirectory
    private let child: ChildProcess
    private let control: UInt16

    package init() throws {
        let directory = try TemporaryDirectory()
        self.directory = directory
        let certificates = try [("localhost", 2), ("other.test", 2), ("localhost", -1)].enumerated()
            .map { number, certificate in
                try SelfSignedCertificate(
                    in: directory, name: certificate.0, days: certificate.1, file: "\(number)")
            }
        let all = try certificates.map {
            try String(contentsOfFile: $0.certificate, encoding: .utf8)
        }
        caFile = try directory.write(all.joined(), to: "ca.pem")
        child = try ChildProcess(
            try Executable.find("python3", package: "python3"),
            ["-c", Self.script] + certificates.flatMap { [$0.certificate, $0.key] },
            environment: ChildProcess.inheritedEnvironment)
        guard child.waitForOutput("\n", in: .output),
            let port = UInt16(child.output.trimmingCharacters(in: .whitespacesAndNewlines))
        else { throw POSIXError(.ECONNREFUSED) }
        control = port
    }

    /// What it complained of.
    package var errors: String { child.errors }

    package func open(_ start: Start, to relay: UInt16, fault: Fault = .none) throws -> Door {
        let words = fault.words.map { Data($0.utf8).base64EncodedString() }
        return try Door(
            "\(start.rawValue) \(relay) \(words.joined(separator: " "))", control: control)
    }

    package func stop() {
        child.kill()
        _ = child.waitForExit()
    }
}
